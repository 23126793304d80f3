const loadConfigModels = createLoader({ fetchModels: skipUsers(fetchModels) });
