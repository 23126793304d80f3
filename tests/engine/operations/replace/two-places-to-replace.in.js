res.send(models);
later(() => res.send(models));
