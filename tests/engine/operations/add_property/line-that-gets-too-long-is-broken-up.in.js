module.exports = { modelController, loadModels, getModelsConfig, refreshAllModels, showUserModels };
