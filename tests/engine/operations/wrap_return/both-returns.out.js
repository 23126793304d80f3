function load(req) {
  if (!req) {
    return;
  }
  if (req.all) {
    return addModels('all');
  }
  return addModels('some');
}
