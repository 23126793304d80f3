/* eslint-disable no-console */
'use strict';

module.exports = {
  three: 3,
};
