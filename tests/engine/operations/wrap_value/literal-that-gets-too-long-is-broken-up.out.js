module.exports = withUserModels({
  modelController,
  loadModels,
  getModelsConfig,
  refreshModels,
  showUserModels,
});
