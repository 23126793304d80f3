const loadConfigModels = createLoader({
  getConfig,
  fetchModels,
});
