module.exports = (withModels(/* ours */ { listModels }, "all"));
