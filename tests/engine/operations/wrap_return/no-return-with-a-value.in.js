function load(req) {
  if (!req) {
    return;
  }
  req.models = () => {
    return 'inner';
  };
}
