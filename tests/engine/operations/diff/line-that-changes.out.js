const one = 1;
const two = 'new';
const three = 3;
