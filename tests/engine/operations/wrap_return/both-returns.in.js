function load(req) {
  if (!req) {
    return;
  }
  if (req.all) {
    return 'all';
  }
  return 'some';
}
