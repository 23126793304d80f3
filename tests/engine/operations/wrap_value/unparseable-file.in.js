function ( {
module.exports = { listModels };
