module.exports = withModels({ inner: withModels({}), loadModels });
