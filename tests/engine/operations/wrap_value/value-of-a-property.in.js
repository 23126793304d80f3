const loadConfigModels = createLoader({
  fetchModels: (url) => fetch('GET', url),
});
