const app = require('express')();

app.get('/list', requireLogin, async (req, res) => {
  res.send(await list(req));
});
