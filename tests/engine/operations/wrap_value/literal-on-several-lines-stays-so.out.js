module.exports = withModels({
  listModels,
  loadModels, // both
});
