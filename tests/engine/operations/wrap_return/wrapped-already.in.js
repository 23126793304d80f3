function load(req) {
  return addModels(req, read("models"))
}
