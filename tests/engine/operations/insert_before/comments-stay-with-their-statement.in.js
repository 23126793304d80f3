app.use('/api/keys', routes.keys);

// nothing was found
// so say so
app.use('/api', notFound);
