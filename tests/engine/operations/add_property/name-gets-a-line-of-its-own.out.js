module.exports = {
  listModels,
  loadModels,
  fetchModels,
};
