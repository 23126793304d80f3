const one = 1;
module.exports = one;
