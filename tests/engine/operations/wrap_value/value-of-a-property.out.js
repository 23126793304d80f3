const loadConfigModels = createLoader({
  fetchModels: skipUsers((url) => fetch('GET', url), 'all'),
});
