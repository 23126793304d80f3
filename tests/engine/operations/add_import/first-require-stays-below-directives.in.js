#!/usr/bin/env node
'use strict';

module.exports = {
  three: 3,
};
