const list = () => {};
res.send(models);
