const { describe, warnOnce } = require('./log');

/**
 * LibreChat keeps the prices of a user's models for 30 minutes and fetches the model list again
 * during a chat when they are gone. They are stored with the list, so they can be put back.
 *
 * On v0.8.2-rc1 to v0.8.5-rc1 without Redis LibreChat cannot find them again, whoever writes them:
 * every reader gets a cache of its own (v0.8.4 packages/api/src/cache/cacheFactory.ts:76).
 * @param {import('./resolver').Context} context
 * @param {import('./resolver').Resolution} resolution
 */
async function restoreTokenConfig({ host, req }, { endpoint, tokenConfig }) {
  if (!tokenConfig || endpoint.config.tokenConfig) {
    return;
  }
  try {
    const cache = host.tokenConfig.cache();
    const userId = String(req.user.id);
    const tenant = host.getTenant(req) || undefined;
    const key = host.tokenConfig.key(endpoint.config, endpoint.name, userId, tenant);
    if (!(await cache.get(key))) {
      await cache.set(key, tokenConfig);
    }
  } catch (error) {
    warnOnce('tokenConfig', `prices were not restored: ${describe(error)}.`);
  }
}

module.exports = { restoreTokenConfig };
