const { MAX_URL_LENGTH, checkURL } = require('./urls');
const { Scanner, itemTexts, makePauses, parseItem } = require('./scanner');
const { getBody } = require('./http');
const { ModelsError } = require('./errors');

const MAX_MODELS = 2000;
/** Of a list: Anthropic and Google give a thousand models a page. */
const MAX_PAGES = 50;
const MAX_ID_LENGTH = 256;
/** Shorter keys are placeholders of servers that want none (`x`, `EMPTY`) and parts of many ids. */
const MIN_SECRET_LENGTH = 8;

const PRICES_AT_ONCE = 100;

/** Ids end up in log lines, in violation records and on screens: no control characters, line
 *  separators, marks that turn the direction of text, or halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

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

/** @param {unknown} id @returns {boolean} */
function isModelId(id) {
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH && !UNPRINTABLE.test(id);
}

/** @param {string} id @param {string} secret @returns {boolean} */
function echoes(id, secret) {
  const isLong = secret.length >= MIN_SECRET_LENGTH;
  return id === secret || (isLong && id.toLowerCase().includes(secret.toLowerCase()));
}

/**
 * Adds the models of one page to those of the pages before.
 * @param {Buffer} bytes - `{ "data": [{ "id": … }] }`, or the bare list that some providers answer.
 * @param {{ shape: import('./shapes').Shape, secret: string, models: Map<string, object> }} to - The
 *   key is a secret: an id that carries it is no model. Items by id, in the provider's order, each
 *   id once.
 * @returns {Promise<Record<string, string> | undefined>} The query of the next page, if any.
 */
async function readPage(bytes, { shape, secret, models }) {
  const pause = makePauses();
  const scanner = new Scanner(bytes);
  await pause();
  for (const text of itemTexts(scanner, shape.list)) {
    const item = parseItem(text);
    const id = shape.idOf(item);
    if (isModelId(id) && !models.has(id) && !echoes(id, secret)) {
      models.set(id, item);
    }
    if (models.size === MAX_MODELS) {
      return undefined;
    }
    await pause();
  }
  return shape.nextPage && shape.nextPage(scanner.readFields());
}

/**
 * LibreChat reads prices only where every model has them.
 * @param {import('./host').Host} host
 * @param {Map<string, object>} models
 * @returns {Promise<Record<string, object> | undefined>} The prices of the models that were kept.
 */
async function readPrices(host, models) {
  const pause = makePauses();
  const items = [...models.values()];
  const found = [];
  for (let at = 0; at < items.length; at += PRICES_AT_ONCE) {
    await pause();
    const prices = pricesOf(host, items.slice(at, at + PRICES_AT_ONCE));
    if (!prices) {
      return undefined;
    }
    found.push(...Object.entries(prices).filter(([id]) => models.has(id)));
  }
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function pricesOf(host, data) {
  try {
    return host.readPrices({ data });
  } catch {
    return undefined;
  }
}

/** @param {string} value - Of a header. */
function isSendable(value) {
  return typeof value === 'string' && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
}

/**
 * The administrator's headers go only to the administrator's URL. An Authorization among them wins
 * over the key, as it does for chat and, from v0.8.7-rc1 on, for LibreChat's own model fetches; not
 * so with Anthropic and Google (v0.8.7-rc1 packages/api/src/endpoints/models.ts).
 * @param {import('./host').Host} host
 * @param {{ endpoint: import('./endpoints').Endpoint, key: import('./keys').UserKey,
 *   user: object }} options
 * @returns {Record<string, string>}
 */
function buildHeaders(host, { endpoint, key, user }) {
  const { shape } = endpoint;
  const accept = { accept: 'application/json' };
  const credentials = shape.headers(key.apiKey);
  if (endpoint.baseURL === undefined) {
    return { ...accept, ...credentials };
  }
  const configured = {};
  if (process.env.OPENAI_ORGANIZATION && endpoint.baseURL.includes('openai')) {
    configured['openai-organization'] = process.env.OPENAI_ORGANIZATION;
  }
  for (const [name, value] of Object.entries(configuredHeaders(host, endpoint, user))) {
    if (isSendable(value)) {
      configured[name.toLowerCase()] = value;
    }
  }
  return shape.keyWins
    ? { ...accept, ...configured, ...credentials }
    : { ...accept, ...credentials, ...configured };
}

/** @returns {Record<string, string>} */
function configuredHeaders(host, { config }, user) {
  return (config.headers && host.resolveHeaders(config.headers, user)) || {};
}

/**
 * What a user's role or name makes of the administrator's headers: another answer is to be expected
 * when it changes. Tokens of a login change every hour and tell nothing.
 * @param {import('./host').Host} host
 * @param {import('./endpoints').Endpoint} endpoint
 * @param {object} user
 * @returns {string} Empty without such headers.
 */
function headerTraits(host, endpoint, user) {
  const templates = Object.entries(endpoint.config.headers ?? {}).filter(
    ([, value]) =>
      typeof value === 'string' && value.includes('{{') && !/openid|token/i.test(value),
  );
  if (endpoint.baseURL === undefined || templates.length === 0) {
    return '';
  }
  return JSON.stringify(host.resolveHeaders(Object.fromEntries(templates), user));
}

/**
 * @param {import('./host').Host} host
 * @param {{ endpoint: import('./endpoints').Endpoint, key: import('./keys').UserKey,
 *   req: object, config: object }} options
 * @returns {Question}
 */
function prepare(host, { endpoint, key, req, config }) {
  return {
    baseURL: endpoint.baseURL ?? key.baseURL ?? endpoint.fallbackURL,
    fromUser: endpoint.baseURL === undefined && key.baseURL !== undefined,
    direct: Boolean(endpoint.config.directEndpoint),
    headers: buildHeaders(host, { endpoint, key, user: req.user }),
    userQuery: endpoint.config.models.userIdQuery ? String(req.user.id) : undefined,
    allowedAddresses: config?.endpoints?.allowedAddresses,
  };
}

/** @param {string} text @returns {string} */
function withoutSlashes(text) {
  let end = text.length;
  while (text[end - 1] === '/') {
    end -= 1;
  }
  return text.slice(0, end);
}

/** @param {import('./host').Host} host @param {Question} question @returns {string} */
function baseOf(host, { baseURL, direct }) {
  if (baseURL.length > MAX_URL_LENGTH) {
    throw new ModelsError('blocked_url', 'The base URL is too long.');
  }
  return withoutSlashes((direct && host.extractBaseURL?.(baseURL)) || baseURL);
}

/** @param {string} base @param {Record<string, string>} query @returns {string} */
function modelsURL(base, query) {
  const search = new URLSearchParams(query).toString();
  return search === '' ? `${base}/models` : `${base}/models?${search}`;
}

/**
 * Asks for one page after the other, within the time of one call.
 * @param {import('./resolver').Context} context
 * @param {{ question: Question, base: string, shape: import('./shapes').Shape, secret: string }} ask
 * @returns {Promise<Map<string, object>>} The items by id.
 */
async function readPages({ host, settings }, { question, base, shape, secret }) {
  const { fromUser, allowedAddresses, headers, userQuery } = question;
  const end = performance.now() + settings.timeout;
  const models = new Map();
  let page = shape.firstPage;
  for (let count = 0; page && count < MAX_PAGES && models.size < MAX_MODELS; count++) {
    const url = modelsURL(base, { ...(userQuery !== undefined && { user: userQuery }), ...page });
    const target = checkURL(url, { fromUser, settings, allowedAddresses });
    const body = await getBody({
      ...target,
      headers,
      timeout: Math.max(1, end - performance.now()),
      // Through a proxy the address could not be checked, so a user's URL is reached directly.
      agent: fromUser ? undefined : host.getProxyAgent(target.url),
      refusals: shape.refusals,
    });
    const before = models.size;
    page = await readPage(body, { shape, secret, models });
    // A page without a new model may name itself as the next one for ever.
    page = models.size > before ? page : undefined;
  }
  return models;
}

/**
 * @param {import('./resolver').Context} context
 * @param {import('./endpoints').Endpoint} endpoint
 * @param {import('./keys').UserKey} key
 * @returns {Promise<{ models: string[], tokenConfig?: Record<string, object> }>}
 */
async function askProvider(context, endpoint, key) {
  const { host, req, config } = context;
  const { shape, isBuiltIn } = endpoint;
  const question = prepare(host, { endpoint, key, req, config });
  const base = baseOf(host, question);
  const found = await readPages(context, { question, base, shape, secret: key.apiKey });
  const models = shape.arrange([...found.keys()], base, host);
  if (models.length === 0) {
    throw new ModelsError('invalid_response', 'The provider listed no models for this key.');
  }
  return { models, tokenConfig: isBuiltIn ? undefined : await readPrices(host, found) };
}

module.exports = { askProvider, headerTraits, isModelId };
