const limiter = require('./limiter');

module.exports = limiter;
