module.exports = {
  fetchModels,
  listModels
}
