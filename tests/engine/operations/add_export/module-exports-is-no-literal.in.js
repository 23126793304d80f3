const { showModels } = require('./models');
const router = require('express').Router();

module.exports = router;
