function load(req) {
  if (req.all) {
    return 'all';
  }
  return 'some';
}
