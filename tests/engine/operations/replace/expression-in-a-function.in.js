async function list(req, res) {
  const models = await load('all');
  res.send(models);
}
async function other(req, res) {
  res.send(models);
}
