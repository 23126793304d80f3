module.exports = {
  listModels,
  loadModels // the last
};
