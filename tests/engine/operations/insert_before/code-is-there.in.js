app.use("/usage", usage)
// the rest
app.use('/api', notFound);
