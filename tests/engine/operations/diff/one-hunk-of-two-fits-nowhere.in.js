const one = 1;
const two = 2;
const seven = 7;
