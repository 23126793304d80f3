module.exports = withModels({
  listModels
})
