const express = require('express');
const limiter = require('./limiter');

module.exports = express();
