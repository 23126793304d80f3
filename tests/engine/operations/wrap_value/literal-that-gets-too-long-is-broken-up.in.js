module.exports = { modelController, loadModels, getModelsConfig, refreshModels, showUserModels };
