const one = 1;
const half = 1.5;
const two = 2;

const seven = 7;
const nine = 9;
