function load(req) {
  const models = ['a'];
  return models;
}
function other(models) {
  return models;
}
