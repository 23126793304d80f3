app.use('/api', notFound);
if (late) {
  app.use('/api', notFound);
}
