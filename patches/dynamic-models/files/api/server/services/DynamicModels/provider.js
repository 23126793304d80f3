const { checkURL } = require('./urlPolicy');
const { getJSON } = require('./httpClient');
const { readModelIds } = require('./modelList');

/**
 * Everything that one call to the provider needs, captured while the request that causes it runs:
 * afterwards neither keys nor header templates may be read again (LibreChat's tenant context is
 * bound to the request).
 * @typedef {Object} Question
 * @property {string} baseURL
 * @property {boolean} fromUser - Whether the user supplied the URL.
 * @property {boolean} direct
 * @property {Record<string, string>} headers
 * @property {string | undefined} userQuery
 * @property {unknown} allowedAddresses
 */

/** @param {string} value - Of a header. */
function isSendable(value) {
  return typeof value === 'string' && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
}

/**
 * The administrator's headers go only to the administrator's URL. An Authorization among them wins
 * over the key, as it does for chat and, from v0.8.7-rc1 on, for LibreChat's own model fetches.
 * @param {import('./host').Host} host
 * @param {{ endpoint: object, apiKey: string, baseURL: string, fromUser: boolean, user: object }}
 *   options
 * @returns {Record<string, string>}
 */
function buildHeaders(host, { endpoint, apiKey, baseURL, fromUser, user }) {
  const headers = { accept: 'application/json', authorization: `Bearer ${apiKey}` };
  if (fromUser) {
    return headers;
  }
  if (process.env.OPENAI_ORGANIZATION && baseURL.includes('openai')) {
    headers['openai-organization'] = process.env.OPENAI_ORGANIZATION;
  }
  const configured = endpoint.config.headers;
  const resolved = configured ? host.resolveHeaders(configured, user) : {};
  for (const [name, value] of Object.entries(resolved ?? {})) {
    if (isSendable(value)) {
      headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}

/**
 * @param {import('./host').Host} host
 * @param {{ endpoint: import('./endpoints').CustomEndpoint, key: import('./userKey').UserKey,
 *   req: object, config: object }} options
 * @returns {Question}
 */
function prepare(host, { endpoint, key, req, config }) {
  const fromUser = endpoint.baseURL === undefined;
  const baseURL = endpoint.baseURL ?? key.baseURL;
  const { user } = req;
  return {
    baseURL,
    fromUser,
    direct: Boolean(endpoint.config.directEndpoint),
    headers: buildHeaders(host, { endpoint, apiKey: key.apiKey, baseURL, fromUser, user }),
    userQuery: endpoint.config.models.userIdQuery ? String(user.id) : undefined,
    allowedAddresses: config.endpoints.allowedAddresses,
  };
}

/** @param {import('./host').Host} host @param {Question} question @returns {string} */
function modelsURL(host, { baseURL, direct, userQuery }) {
  const base = (direct && host.extractBaseURL?.(baseURL)) || baseURL;
  const url = `${base.replace(/\/+$/, '')}/models`;
  return userQuery === undefined ? url : `${url}?user=${encodeURIComponent(userQuery)}`;
}

/**
 * @param {import('./resolver').Context} context
 * @param {import('./endpoints').CustomEndpoint} endpoint
 * @param {import('./userKey').UserKey} key
 * @returns {Promise<{ models: string[], tokenConfig?: Record<string, object> }>}
 */
async function askProvider({ host, settings, req, config }, endpoint, key) {
  const question = prepare(host, { endpoint, key, req, config });
  const { fromUser, allowedAddresses, headers } = question;
  const target = checkURL(modelsURL(host, question), { fromUser, settings, allowedAddresses });
  const body = await getJSON({
    ...target,
    headers,
    timeout: settings.timeout,
    // Through a proxy the address could not be checked, so a user's URL is reached directly.
    agent: fromUser ? undefined : host.getProxyAgent(target.url),
  });
  const models = readModelIds(body);
  return { models, tokenConfig: pickPrices(host, body, models) };
}

/** @returns {Record<string, object> | undefined} The prices of the models that were kept. */
function pickPrices(host, body, models) {
  let prices;
  try {
    prices = host.readPrices(body);
  } catch {
    return undefined;
  }
  const kept = models.filter((model) => prices && Object.hasOwn(prices, model));
  return kept.length ? Object.fromEntries(kept.map((model) => [model, prices[model]])) : undefined;
}

module.exports = { askProvider };
