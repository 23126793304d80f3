// module.exports = { listModels };
const text = 'module.exports = {}';
