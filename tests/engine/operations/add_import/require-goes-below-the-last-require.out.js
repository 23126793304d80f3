const express = require('express');
const { showModels, withModels: wrap } = require('~/models');

const app = express();
module.exports = app;
