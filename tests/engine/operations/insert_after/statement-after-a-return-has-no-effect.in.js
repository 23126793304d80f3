function load(models) {
  return models;
}
