const { showModels } = require('./models');

module.exports = {
  showModels,
};
