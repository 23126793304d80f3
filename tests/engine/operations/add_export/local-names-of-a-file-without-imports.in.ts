const one = 1;
const two = 2;
export default one + two;
