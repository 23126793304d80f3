app.use('/api/keys', routes.keys);

app.use('/api/usage', routes.usage);
// nothing was found
// so say so
app.use('/api', notFound);
