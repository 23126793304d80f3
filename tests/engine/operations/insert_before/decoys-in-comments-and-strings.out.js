// app.use('/usage', usage);
const text = "app.use('/api', notFound)";
app.use('/usage', usage);
app.use('/api', notFound);
