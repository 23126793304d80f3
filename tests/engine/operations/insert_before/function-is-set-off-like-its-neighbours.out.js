function one() {
  return 'one';
}

function zero() {
  return 'zero';
}

function two() {
  return 'two';
}
