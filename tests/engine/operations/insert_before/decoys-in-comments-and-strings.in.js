// app.use('/usage', usage);
const text = "app.use('/api', notFound)";
app.use('/api', notFound);
