const { getHost } = require('./host');
const { getSettings } = require('./settings');
const { isOllama } = require('./endpoints');

/**
 * Whether a fetch of LibreChat's own `loadConfigModels` is one that is answered from here.
 * `skipCache` marks the fetches with a user's key or URL, in every release that has them
 * (v0.8.5-rc1 to v0.8.8-rc1 packages/api/src/endpoints/config/models.ts).
 * @param {{ name?: string, user?: string, skipCache?: boolean }} params
 * @returns {boolean}
 */
function ownsFetch(params) {
  if (params?.skipCache !== true || !params.user || !params.name || isOllama(params.name)) {
    return false;
  }
  return getSettings().enabled && getHost() !== null;
}

module.exports = { ownsFetch };
