const loadConfigModels = createLoader({
  getConfig,
  fetchModels: skipUsers(fetchModels),
});
