const { check, limit } = require('~/server/middleware/');

module.exports = { check };
