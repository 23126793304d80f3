start('a');
const zero = 0;
const one = 1;
// and
const two = one + one;
