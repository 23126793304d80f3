const broken = ;
module.exports = { listModels };
