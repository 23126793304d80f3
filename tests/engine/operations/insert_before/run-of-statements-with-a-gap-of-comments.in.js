start('a');
const one = 1;
// and
const two = one + one;
