module.exports = {
  async fetchModels(req, res) {},
};
