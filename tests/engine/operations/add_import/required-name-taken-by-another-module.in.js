const { check } = require('./utils');

module.exports = { check };
