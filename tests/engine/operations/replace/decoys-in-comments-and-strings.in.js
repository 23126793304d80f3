// res.send(models) and res.json(models)
const text = 'res.send(models)';
res.send(models);
