module.exports = Object.freeze(withModels(({ listModels, fetchModels })));
