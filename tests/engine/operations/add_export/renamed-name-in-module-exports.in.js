const { showModels } = require('./models');

module.exports = {
  list: () => [],
};
