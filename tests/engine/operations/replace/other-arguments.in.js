res.send(models, 200);
