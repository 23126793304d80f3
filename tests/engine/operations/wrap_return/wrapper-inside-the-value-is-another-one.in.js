function load() {
  return { inner: addModels('a') };
}
