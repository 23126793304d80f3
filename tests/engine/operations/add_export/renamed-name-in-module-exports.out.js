const { showModels } = require('./models');

module.exports = {
  list: () => [],
  show: showModels,
};
