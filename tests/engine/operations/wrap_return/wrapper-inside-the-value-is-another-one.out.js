function load() {
  return addModels({ inner: addModels('a') });
}
