function load(req) {
  const models = ['a'];
  if (req.user) {
    models.push(...extra(req.user, 'all'));
  }
  return models;
}
function other(models) {
  return models;
}
