module.exports = { listModels };
module.exports = { loadModels };
