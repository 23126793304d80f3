/**
 * LibreChat as the payload sees it, era by era: which module offers what, and in which form.
 * Written after the releases v0.7.0 to v0.8.8-rc1; each era has a `since` for the reader.
 */
const { AsyncLocalStorage } = require('async_hooks');

const tenants = new AsyncLocalStorage();

const extractEnvVariable = (value) => {
  const match = /^\$\{(\w+)\}$/.exec(value.trim());
  return match ? (process.env[match[1]] ?? value) : value;
};

const normalizeEndpointName = (name = '') => (name.toLowerCase() === 'ollama' ? 'ollama' : name);

/** Prices in the form of OpenRouter, read as LibreChat does. */
const prices = {
  inputSchema: {
    safeParse: (body) => ({
      success: Boolean(body?.data?.every?.((model) => model.pricing && model.context_length)),
    }),
  },
  processModelData: ({ data }) =>
    Object.fromEntries(
      data.map(({ id, pricing, context_length: context }) => [
        id,
        { prompt: Number(pricing.prompt) * 1e6, context },
      ]),
    ),
};

const fill = (value, user) =>
  extractEnvVariable(
    value
      .replace('{{LIBRECHAT_USER_ID}}', user?.id ?? '')
      .replace('{{LIBRECHAT_USER_ROLE}}', user?.role ?? '')
      .replace('{{LIBRECHAT_OPENID_ACCESS_TOKEN}}', user?.accessToken ?? ''),
  );

const mapValues = (headers, change) =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, change(value)]));

/** @param {object} world - See world.js: it owns keys, logs, caches and the configuration. */
const ERAS = {
  E1: {
    since: 'v0.7.0',
    express: 'express4',
    keyv: 'keyv4',
    modules: (world) => ({
      'librechat-data-provider': { extractEnvVariable, CacheKeys: { TOKEN_CONFIG: 'tokenConfig' } },
      '~/config': { logger: world.logger },
      '~/cache': { getLogStores: world.getLogStores },
      '~/utils': { ...prices, extractBaseURL: world.extractBaseURL },
      '~/server/utils': {},
      '~/models': { getUserById: async () => null },
      '~/server/services/Config': { getCustomConfig: async () => world.config },
      '~/server/services/UserService': {
        getUserKey: (owner) => world.getUserKey(owner, 'User-provided key not found'),
        getUserKeyExpiry: world.getUserKeyExpiry,
      },
    }),
  },
  E2: {
    since: 'v0.7.1',
    express: 'express4',
    keyv: 'keyv4',
    modules: (world) => ({
      ...ERAS.E1.modules(world),
      '~/server/services/UserService': {
        getUserKey: world.getUserKey,
        getUserKeyExpiry: world.getUserKeyExpiry,
        getUserKeyValues: world.getUserKeyValues,
      },
    }),
  },
  E3: {
    since: 'v0.7.6-rc1',
    express: 'express4',
    keyv: 'keyv4',
    modules: (world) => ({
      ...ERAS.E2.modules(world),
      '~/server/utils': { normalizeEndpointName },
      '~/models/Agent': { getAgent: world.getAgent },
    }),
  },
  E4: {
    since: 'v0.7.9-rc1',
    express: 'express4',
    keyv: 'keyv5',
    modules: (world) => ({
      ...ERAS.E3.modules(world),
      '@librechat/data-schemas': { logger: world.logger },
      '@librechat/api': {
        resolveHeaders: (headers, user, _customUserVars) =>
          mapValues(headers, (value) => fill(value, user)),
      },
    }),
  },
  E5: {
    since: 'v0.8.0-rc4',
    express: 'express4',
    keyv: 'keyv5',
    modules: (world) => ({
      ...ERAS.E4.modules(world),
      'librechat-data-provider': {
        extractEnvVariable,
        CacheKeys: { TOKEN_CONFIG: 'TOKEN_CONFIG' },
      },
      '~/utils': { extractBaseURL: world.extractBaseURL },
      '~/server/utils': {},
      '@librechat/api': {
        ...prices,
        normalizeEndpointName,
        resolveHeaders: (options) =>
          mapValues(options?.headers, (value) => fill(value, options.user)),
      },
      '~/server/services/Config': { getAppConfig: world.getAppConfig },
    }),
  },
  E6: {
    since: 'v0.8.2-rc1',
    express: 'express5',
    keyv: 'keyv5',
    modules: (world) => {
      const modules = {
        ...ERAS.E5.modules(world),
        '~/utils': {},
        'librechat-data-provider': {
          extractEnvVariable,
          normalizeEndpointName,
          CacheKeys: { TOKEN_CONFIG: 'TOKEN_CONFIG' },
        },
        '@librechat/api': {
          ...ERAS.E5.modules(world)['@librechat/api'],
          normalizeEndpointName: undefined,
          extractBaseURL: world.extractBaseURL,
        },
        '~/models': {
          getUserKey: world.getUserKey,
          getUserKeyExpiry: world.getUserKeyExpiry,
          getUserKeyValues: world.getUserKeyValues,
        },
      };
      delete modules['~/server/services/UserService'];
      return modules;
    },
  },
  E7: {
    since: 'v0.8.5-rc1',
    express: 'express5',
    keyv: 'keyv5',
    native: true,
    modules: (world) => ({
      ...ERAS.E6.modules(world),
      '~/models/Agent': undefined,
      '~/models': { ...ERAS.E6.modules(world)['~/models'], getAgent: world.getAgent },
      '@librechat/data-schemas': {
        logger: world.logger,
        getTenantId: () => tenants.getStore()?.tenantId,
      },
      '@librechat/api': {
        ...ERAS.E6.modules(world)['@librechat/api'],
        createAppConfigService: () => undefined,
        getAppConfigOptionsFromUser: (user) => ({ role: user?.role, userId: user?.id }),
        resolveConfigSecret: (value) => world.resolveConfigSecret(value),
        tokenConfigCache: () => world.getLogStores('TOKEN_CONFIG'),
        getTokenConfigKey: (_endpoint, name, userId, tenantId) =>
          tenantId ? `scoped:${tenantId}:${name}:${userId}` : `${name}:${userId}`,
      },
    }),
  },
};

module.exports = { ERAS, tenants };
