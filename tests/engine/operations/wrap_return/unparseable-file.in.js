function load() {
  return 'all' 'some';
}
