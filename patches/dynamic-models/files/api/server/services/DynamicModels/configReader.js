const { BoundedMap } = require('./memory');

const KEEP = 60 * 1000;

/**
 * Up to v0.8.4 a process keeps the configuration it started with (v0.8.4
 * api/server/services/Config/app.js: nothing sets it again), but every read parses all of it anew,
 * the tools included. From v0.8.5-rc1 on an administrator can change it for a role or a user.
 * @param {(options: { role?: string }) => Promise<object>} getAppConfig
 */
function remembering(getAppConfig) {
  const known = new BoundedMap({ maxEntries: 100 });
  return async (options) => {
    const name = String(options.role);
    const kept = known.get(name);
    if (kept) {
      return kept;
    }
    const config = await getAppConfig(options);
    known.set(name, config, KEEP);
    return config;
  };
}

/**
 * `getAppConfig` exists from v0.8.0-rc4; before, the parsed librechat.yaml itself is read.
 * @param {object} configs - What `~/server/services/Config` exports.
 * @param {object} api - `@librechat/api`.
 * @param {(() => string | undefined) | undefined} getTenantId
 * @returns {((req: object) => Promise<object | null | undefined>) | undefined}
 */
function makeConfigReader({ getAppConfig, getCustomConfig }, api, getTenantId) {
  if (typeof getAppConfig !== 'function') {
    return getCustomConfig && (() => getCustomConfig());
  }
  const changes = typeof api.createAppConfigService === 'function';
  const read = changes ? getAppConfig : remembering(getAppConfig);
  return async (req) => {
    if (req.config?.endpoints) {
      return req.config;
    }
    const user = req.user ?? {};
    return read(
      api.getAppConfigOptionsFromUser?.(user) ?? {
        role: user.role,
        userId: user.id,
        tenantId: user.tenantId ?? getTenantId?.(),
      },
    );
  };
}

module.exports = { makeConfigReader };
