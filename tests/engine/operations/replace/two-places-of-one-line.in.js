send(models); send(models);
