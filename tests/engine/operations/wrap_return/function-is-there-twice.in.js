function load() {
  return 'one';
}
function load() {
  return 'two';
}
