module.exports = { fetchModels };
