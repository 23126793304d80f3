const express = require('express');
const { check } = require('./check');

function late() {
  const { check } = require('./check');
  return check(express);
}

module.exports = late;
