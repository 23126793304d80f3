function load(models) {
  if (models.length) {
    return models;
  }
  return ['none'];
}
