app.get('/');
