module.exports = {
  listModels,
};
