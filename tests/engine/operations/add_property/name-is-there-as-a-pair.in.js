module.exports = { 'fetchModels': fetchModels };
