// fetchModels is exported below
const options = { fetchModels: 'fetchModels' };
module.exports = { options, nested: { fetchModels }, fetchModels };
