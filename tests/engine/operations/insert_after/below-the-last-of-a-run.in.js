const one = 'a';
const two = 'b';
const four = 'd';
