retry(send(models));
