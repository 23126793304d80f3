module.exports = {
  listModels,
  loadModels,
};
