function load() {
  return 'all';
}
