const express = require('express');

function late() {
  const { check } = require('./check');
  return check(express);
}

module.exports = late;
