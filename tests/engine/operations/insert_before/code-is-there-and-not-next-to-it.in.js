app.use('/usage', usage);
app.use('/keys', keys);
app.use('/api', notFound);
