res.send(models);
res.end(;
