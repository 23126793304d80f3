function loadAll() {
  return 'all';
}
