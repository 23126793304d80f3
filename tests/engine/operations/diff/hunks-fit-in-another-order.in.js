const seven = 7;
const nine = 9;
const one = 1;
const two = 2;
