module.exports = { inner: withModels({}), loadModels };
