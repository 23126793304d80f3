module.exports = withModels({ listModels, loadModels });
