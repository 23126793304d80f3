res.json(models);
res.send(models);
