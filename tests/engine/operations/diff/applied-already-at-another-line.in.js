// a header
const one = 1;
const two = 'new';
