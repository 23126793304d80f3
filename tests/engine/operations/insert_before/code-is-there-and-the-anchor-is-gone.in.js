app.use('/usage', usage);
