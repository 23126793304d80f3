function loadAll() {
  return models;
}
