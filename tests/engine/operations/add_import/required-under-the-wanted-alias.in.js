const { check: strict, limit } = require('./check');

module.exports = { strict, limit };
