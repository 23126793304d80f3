function load(req) {
  if (req.all) {
    return addModels('all');
  }
  return 'some';
}
