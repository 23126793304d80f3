const { logger } = require('@librechat/data-schemas');
const { CacheKeys } = require('librechat-data-provider');
const { loadDefaultModels, loadConfigModels } = require('~/server/services/Config');
const { getLogStores } = require('~/cache');
const { leave } = require('./farewell');

/**
 * For readers inside the server: validation, agents, imports.
 * @param {ServerRequest} req
 * @returns {Promise<TModelsConfig>} endpoint name to model names
 */
const getModelsConfig = async (req) => {
  const cache = getLogStores(CacheKeys.CONFIG_STORE);
  const cached = await cache.get(CacheKeys.MODELS_CONFIG);
  return cached ?? (await loadModels(req));
};

/**
 * Asks both loaders and keeps the sum.
 * @param {ServerRequest} req
 */
async function loadModels(req) {
  // one entry for everybody, so nothing that belongs to one user may go in
  const cache = getLogStores(CacheKeys.CONFIG_STORE);
  const cached = await cache.get(CacheKeys.MODELS_CONFIG);
  if (cached) {
    return cached;
  }

  const builtIn = await loadDefaultModels(req);
  const custom = await loadConfigModels(req);
  // a custom endpoint wins over a built-in one of the same name
  const modelConfig = { ...builtIn, ...custom };
  await cache.set(CacheKeys.MODELS_CONFIG, modelConfig);

  return modelConfig;
}

/** GET /api/models */
async function modelController(req, res) {
  try {
    const modelConfig = await loadModels(req);
    res.send(modelConfig);
  } catch (error) {
    logger.error('[models] the list could not be put together', error);
    res.status(500).send({ error: error.message });
  }
}

module.exports = { modelController, loadModels, getModelsConfig };
