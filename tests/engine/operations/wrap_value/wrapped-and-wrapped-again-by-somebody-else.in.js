module.exports = traced(withModels({ listModels }));
