const model = 1;
res.send(model);
