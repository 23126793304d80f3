const { check } = require('~/server/middleware/');

module.exports = { check };
