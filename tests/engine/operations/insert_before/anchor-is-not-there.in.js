app.use('/keys', keys);
app.use('/api', nothing);
