module.exports = { listModels, loadModels };
