module.exports = {
  listModels,
  loadModels, // both
};
