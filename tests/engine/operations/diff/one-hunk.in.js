const one = 1;
const two = 2;
const four = 4;
