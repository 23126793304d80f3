module.exports = { fetchModels: fetchPage, listModels };
