const { createLoader } = require('@librechat/api');

const loadConfigModels = createLoader({
  getConfig,
  ...defaults,
  fetchModels,
});
