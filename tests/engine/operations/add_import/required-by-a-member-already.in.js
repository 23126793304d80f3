const check = require('./check').check;

module.exports = { check };
