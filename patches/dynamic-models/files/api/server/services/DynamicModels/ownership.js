const { getHost } = require('./host');
const { getSettings } = require('./settings');
const { isOllama } = require('./endpoints');

/**
 * Whether a key that LibreChat's own `loadConfigModels` asks for is one that is used here instead.
 * It asks for those of endpoints with `models.fetch` and a key or URL from the user, in every
 * release that does (v0.8.5-rc1 to v0.8.8-rc1 packages/api/src/endpoints/config/models.ts), and
 * these are the ones that are fetched here, but for Ollama's.
 * @param {{ userId?: string, name?: string }} owner
 * @returns {boolean}
 */
function ownsKey(owner) {
  if (!owner?.userId || !owner.name || isOllama(owner.name)) {
    return false;
  }
  return getSettings().enabled && getHost() !== null;
}

module.exports = { ownsKey };
