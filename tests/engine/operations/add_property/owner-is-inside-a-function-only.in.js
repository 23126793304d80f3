function read() {
  const defaults = {};
  return defaults;
}
