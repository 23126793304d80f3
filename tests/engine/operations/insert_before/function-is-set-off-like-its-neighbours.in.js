function one() {
  return 'one';
}

function two() {
  return 'two';
}
