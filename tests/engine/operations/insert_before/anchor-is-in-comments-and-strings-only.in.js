// app.use('/api', notFound);
const text = `app.use('/api', notFound)`;
