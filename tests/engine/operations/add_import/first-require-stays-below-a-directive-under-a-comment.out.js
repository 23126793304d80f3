/* eslint-disable no-console */
'use strict';

const { check } = require('./check');

module.exports = {
  three: 3,
};
