const one = 1;
const two = 'old';
const three = 3;
