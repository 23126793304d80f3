const one = 'a';
const two = 'b';
const three = one + two;
const four = 'd';
