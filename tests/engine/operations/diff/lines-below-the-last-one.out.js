const one = 1;
module.exports = one;
module.exports.two = 2;
