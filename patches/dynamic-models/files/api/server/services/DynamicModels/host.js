/**
 * The host adapter: the only file that knows LibreChat's modules.
 *
 * LibreChat moved what is needed here several times between v0.7.0 and v0.8.8-rc1, and requiring
 * some of it while the server loads closes require cycles (`~/models` reaches `Config` in v0.7.8
 * to v0.8.0-rc2). So every require happens at the first request, may fail, and is followed by a
 * look at what came back. When something indispensable is missing, `getHost` returns null, which
 * `resolver` says once, and LibreChat behaves as if the patch were not there.
 */

const { BoundedMap } = require('./memory');

/** Milliseconds. */
const KEEP_CONFIG = 60 * 1000;

/** @param {string} specifier @returns {any} The module, or an empty object. */
function optional(specifier) {
  try {
    return require(specifier) ?? {};
  } catch {
    return {};
  }
}

/** @param {...unknown} candidates @returns {Function | undefined} The first that is a function. */
function firstFunction(...candidates) {
  return candidates.find((candidate) => typeof candidate === 'function');
}

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
    known.set(name, config, KEEP_CONFIG);
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

/** `~/config` exported the logger up to v0.8.6, `@librechat/data-schemas` does from v0.7.9-rc1. */
function getLogger() {
  return optional('@librechat/data-schemas').logger ?? optional('~/config').logger;
}

/** `resolveHeaders(headers, user)` in v0.7.9-rc1 to v0.8.0-rc2, one options object since, and
 *  nothing but environment variables in the custom endpoint of releases before. */
function makeHeaderResolver(api, extractEnvVariable) {
  if (typeof api.resolveHeaders !== 'function') {
    return (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, extractEnvVariable(value)]),
      );
  }
  return api.resolveHeaders.length > 1
    ? (headers, user) => api.resolveHeaders(headers, user)
    : (headers, user) => api.resolveHeaders({ headers, user, stripUnresolved: true });
}

/** Prices become LibreChat's token configuration by the same code that it uses itself. */
function makePriceReader(api) {
  const tokens = typeof api.processModelData === 'function' ? api : optional('~/utils');
  const { inputSchema, processModelData } = tokens;
  if (typeof processModelData !== 'function' || typeof inputSchema?.safeParse !== 'function') {
    return () => undefined;
  }
  return (body) => (inputSchema.safeParse(body).success ? processModelData(body) : undefined);
}

/** Where this release looks for the prices of a user's models, and under which key. */
function makeTokenConfigAccess(api, { CacheKeys }) {
  const { getLogStores } = optional('~/cache');
  return {
    cache: () => api.tokenConfigCache?.() ?? getLogStores(CacheKeys.TOKEN_CONFIG),
    /** Scoped by tenant from v0.8.7-rc1 on; the literal form is the one of all releases before
     *  (v0.7.0 api/server/services/Endpoints/custom/initializeClient.js:75). */
    key: (endpoint, name, userId, tenantId) =>
      api.getTokenConfigKey?.(endpoint, name, userId, tenantId) ?? `${name}:${userId}`,
  };
}

/** The database that LibreChat is connected to, once it is, and what it keeps there. */
function makeDatabaseAccess() {
  const mongoose = optional('mongoose');
  const { connection } = mongoose;
  return {
    getCollection: (name) =>
      connection?.readyState === 1 ? connection.db?.collection(name) : undefined,
    getModel: (name) => mongoose.models?.[name],
  };
}

/** From v0.8.7-rc1 on LibreChat picks the proxy (NO_PROXY); before, PROXY is for all https URLs. */
function makeProxyPicker(api) {
  if (typeof api.getHttpsProxyAgent === 'function') {
    return (url) => api.getHttpsProxyAgent(url);
  }
  const { HttpsProxyAgent } = optional('https-proxy-agent');
  return (url) =>
    process.env.PROXY && HttpsProxyAgent && url.protocol === 'https:'
      ? new HttpsProxyAgent(process.env.PROXY)
      : undefined;
}

/** Agents live in `~/models/Agent` up to v0.8.4, in `~/models` since; v0.7.4 has none. */
function makeAgentFinder(models) {
  return async (id) => {
    const getAgent = firstFunction(models.getAgent, optional('~/models/Agent').getAgent);
    return getAgent ? getAgent({ id }) : undefined;
  };
}

/**
 * What this release's `fetchOpenAIModels` takes of OpenAI's own list
 * (api/server/services/ModelService.js, packages/api/src/endpoints/models.ts from v0.8.2-rc1 on).
 * Nothing but that function tells them apart, so each is known by what came with the same release.
 */
function openAIModels(api, data) {
  const exclude = /audio|realtime/;
  if (api.getTokenConfigKey) {
    return { include: /(text-davinci-003|gpt-|o\d+|chat-latest)/, exclude }; // v0.8.7-rc1 on
  }
  if (data.replaceSpecialVars) {
    return { include: /(text-davinci-003|gpt-|o\d+)/, exclude }; // v0.7.8-rc1 to v0.8.6
  }
  if (data.eReasoningEffortSchema) {
    return { include: /(text-davinci-003|gpt-|o\d+-)/, exclude }; // v0.7.7-rc1, v0.7.7
  }
  if (data.AgentCapabilities) {
    return { include: /(text-davinci-003|gpt-|o1-)/ }; // v0.7.5 to v0.7.6
  }
  return { include: /(text-davinci-003|gpt-)/ }; // v0.7.0 to v0.7.5-rc2
}

/** What built-in endpoints do differently from release to release. */
function builtInFacts(api, data) {
  return {
    openAIModels: openAIModels(api, data),
    defaultModels: data.defaultModels,
    // v0.7.0 to v0.7.7-rc1 (api/server/services/ModelService.js); v0.7.7 looks like its candidate.
    asksOpenRouter: !data.replaceSpecialVars,
    hasAzureAssistants: Boolean(data.EModelEndpoint?.azureAssistants),
    // Before v0.7.9-rc1 a service account wins over an API key (v0.7.8
    // api/app/clients/GoogleClient.js:55).
    googleKeyWins: typeof api.getGoogleConfig === 'function',
    // Headers for built-in endpoints exist from v0.8.7-rc1 on.
    mergeHeaders: firstFunction(api.mergeHeaders),
  };
}

/**
 * @typedef {Object} Host
 * @property {(req: object) => Promise<object | null | undefined>} getConfig
 * @property {boolean} lendsConfig - Whether LibreChat's loaders would get the very same.
 * @property {(params: { userId: string, name: string }) => Promise<string>} getUserKey
 * @property {(params: { userId: string, name: string }) => Promise<{ expiresAt?: unknown }>}
 *   getUserKeyExpiry
 * @property {(name: string) => string} normalizeName - The spelling used in model maps and keys.
 * @property {(value: string) => string | undefined} resolveSecret
 * @property {(value: string) => string} resolveEnv
 * @property {(headers: Record<string, string>, user: object) => Record<string, string>}
 *   resolveHeaders
 * @property {((url: string) => string | null | undefined) | undefined} extractBaseURL
 * @property {(body: object) => Record<string, object> | undefined} readPrices
 * @property {{ cache: () => object, key: Function }} tokenConfig
 * @property {(name: string) => import('mongodb').Collection | undefined} getCollection
 * @property {(name: string) => import('mongoose').Model<any> | undefined} getModel
 * @property {(url: URL) => import('http').Agent | undefined} getProxyAgent
 * @property {(id: string) => Promise<{ provider?: string, model?: string } | null | undefined>}
 *   findAgent
 * @property {(req: object) => string} getTenant
 * @property {{ include: RegExp, exclude?: RegExp }} openAIModels - Of OpenAI's own list.
 * @property {Record<string, string[]>} [defaultModels] - By built-in endpoint.
 * @property {boolean} asksOpenRouter - Instead of OpenAI, with OPENROUTER_API_KEY.
 * @property {boolean} hasAzureAssistants - As an endpoint of their own.
 * @property {boolean} googleKeyWins - Over a service account.
 * @property {Function} [mergeHeaders]
 */

/** @returns {Host & { missing: string[] }} */
function assemble() {
  const api = optional('@librechat/api');
  const data = optional('librechat-data-provider');
  const { getTenantId } = optional('@librechat/data-schemas');
  const getConfig = makeConfigReader(optional('~/server/services/Config'), api, getTenantId);
  // Without the configuration nothing can be done; `~/models` is then not worth loading.
  const models = getConfig ? optional('~/models') : {};
  const keys = typeof models.getUserKey === 'function' ? models : legacyKeys(getConfig);
  const { extractEnvVariable } = data;
  const indispensable = {
    getConfig,
    getUserKey: keys.getUserKey,
    getUserKeyExpiry: keys.getUserKeyExpiry,
    extractEnvVariable,
  };
  return {
    ...indispensable,
    missing: Object.keys(indispensable).filter((name) => !firstFunction(indispensable[name])),
    lendsConfig: typeof api.getAppConfigOptionsFromUser === 'function',
    resolveEnv: extractEnvVariable,
    resolveSecret: api.resolveConfigSecret ?? extractEnvVariable,
    normalizeName:
      firstFunction(
        data.normalizeEndpointName,
        api.normalizeEndpointName,
        optional('~/server/utils').normalizeEndpointName,
      ) ?? ((name) => name),
    resolveHeaders: makeHeaderResolver(api, extractEnvVariable),
    extractBaseURL: firstFunction(api.extractBaseURL, optional('~/utils').extractBaseURL),
    readPrices: makePriceReader(api),
    tokenConfig: makeTokenConfigAccess(api, data),
    ...makeDatabaseAccess(),
    getProxyAgent: makeProxyPicker(api),
    findAgent: makeAgentFinder(models),
    ...builtInFacts(api, data),
    getTenant: (req) => String(req.user?.tenantId ?? getTenantId?.() ?? ''),
  };
}

/** User keys moved from UserService to `~/models` in v0.8.2-rc1. */
function legacyKeys(wanted) {
  return wanted ? optional('~/server/services/UserService') : {};
}

/** @type {(Host & { missing: string[] }) | undefined} */
let assembled;

function getAssembled() {
  assembled ??= assemble();
  return assembled;
}

/** @returns {Host | null} Null when LibreChat does not provide what is needed. */
function getHost() {
  const host = getAssembled();
  return host.missing.length === 0 ? host : null;
}

/** @returns {string[]} What is needed and not provided. */
function whatIsMissing() {
  return getAssembled().missing;
}

module.exports = { getHost, getLogger, whatIsMissing };
