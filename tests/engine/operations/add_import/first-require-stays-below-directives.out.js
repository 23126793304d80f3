#!/usr/bin/env node
'use strict';

const { check } = require('./check');

module.exports = {
  three: 3,
};
