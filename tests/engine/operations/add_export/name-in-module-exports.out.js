const { showModels } = require('./models');

module.exports = { listModels: () => [], showModels };
