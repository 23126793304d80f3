// res.send(models);
const text = 'res.send(models)';
const markup = `${text} res.send(models)`;
