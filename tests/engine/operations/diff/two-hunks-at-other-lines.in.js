// a header
// that the diff does not know
const one = 1;
const two = 2;

const seven = 7;
const eight = 8;
const nine = 9;
