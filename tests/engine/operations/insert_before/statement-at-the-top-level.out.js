app.use('/api/keys', routes.keys);
app.use('/api/usage', routes.usage);
app.use("/api", notFound)
app.listen(3080);
