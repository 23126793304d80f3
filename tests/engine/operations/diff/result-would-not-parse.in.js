const one = 1;
const three = 3;
