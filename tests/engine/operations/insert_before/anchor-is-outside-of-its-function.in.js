function load() {
  start();
}
function other(models) {
  return models;
}
