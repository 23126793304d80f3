function fetchAll() {
  return {};
}
