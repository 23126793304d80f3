const { COMPATIBLE } = require('./shapes');
const { parseKeyAndURL } = require('./storedKeys');

const USER_PROVIDED = 'user_provided';

/**
 * @typedef {Object} Endpoint
 * @property {string} name - As LibreChat spells it in model maps and in stored keys.
 * @property {object} config - The entry of librechat.yaml; of a built-in endpoint what is like it.
 * @property {string[]} defaults
 * @property {string | undefined} baseURL - Undefined when the user supplies it.
 * @property {string} [fallbackURL] - When the user could supply one and did not.
 * @property {import('./shapes').Shape} shape
 * @property {(value: string) => import('./storedKeys').UserKey} parseKey - Of a stored value.
 * @property {boolean} isBuiltIn
 * @property {boolean} owned - Whether its models are fetched here, with the user's key.
 */

/**
 * Entries may be objects from v0.8.1-rc1 on; validation compares names.
 * @param {unknown} items
 * @returns {string[]}
 */
function defaultModels(items) {
  if (!Array.isArray(items)) {
    return [];
  }
  const names = items.map((item) => (typeof item === 'string' ? item : item?.name));
  return names.filter((name) => typeof name === 'string' && name);
}

/** The same condition as in LibreChat's loadConfigModels, all releases. */
function isUsable(entry) {
  const { baseURL, apiKey, name, models } = entry ?? {};
  return [baseURL, apiKey, name, models, models?.fetch || models?.default].every(Boolean);
}

/**
 * LibreChat asks an Ollama server itself, at another path and without a key (v0.7.2
 * api/server/services/ModelService.js:45).
 */
function isOllama(name) {
  return name.toLowerCase().startsWith('ollama');
}

/** A key encrypted by the admin panel (v0.8.8-rc1) that cannot be decrypted is not the user's. */
function isUserProvided(apiKey, host) {
  try {
    return host.resolveSecret(apiKey) === USER_PROVIDED;
  } catch {
    return false;
  }
}

/**
 * @param {object} entry
 * @param {import('./host').Host} host
 * @returns {Endpoint}
 */
function describeEndpoint(entry, host) {
  const name = host.normalizeName(entry.name);
  const baseURL = host.resolveEnv(entry.baseURL);
  const fromUser = baseURL === USER_PROVIDED || isUserProvided(entry.apiKey, host);
  return {
    name,
    config: entry,
    defaults: defaultModels(entry.models.default),
    baseURL: baseURL === USER_PROVIDED ? undefined : baseURL,
    shape: COMPATIBLE,
    parseKey: (value) => parseKeyAndURL(value, baseURL === USER_PROVIDED),
    isBuiltIn: false,
    owned: Boolean(entry.models.fetch) && fromUser && !isOllama(name),
  };
}

/**
 * @param {object | null | undefined} config - librechat.yaml or the app configuration.
 * @param {import('./host').Host} host
 * @returns {Endpoint[]} All custom endpoints. Of two with one name LibreChat takes the later.
 */
function customEndpoints(config, host) {
  const entries = config?.endpoints?.custom;
  const byName = new Map();
  for (const entry of Array.isArray(entries) ? entries : []) {
    if (isUsable(entry)) {
      const endpoint = describeEndpoint(entry, host);
      byName.set(endpoint.name, endpoint);
    }
  }
  return [...byName.values()];
}

/**
 * @param {Endpoint[]} endpoints
 * @param {string} name - In any case.
 */
function findEndpoint(endpoints, name) {
  return (
    endpoints.find((endpoint) => endpoint.name === name) ??
    endpoints.find((endpoint) => endpoint.name.toLowerCase() === name.toLowerCase())
  );
}

module.exports = { customEndpoints, findEndpoint, isOllama };
