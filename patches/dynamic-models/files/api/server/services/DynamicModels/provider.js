const { MAX_URL_LENGTH, checkURL } = require('./urls');
const { getBody } = require('./http');
const { ModelsError } = require('./errors');

const MAX_MODELS = 2000;
const MAX_ID_LENGTH = 256;
/** Shorter keys are placeholders of servers that want none (`x`, `EMPTY`) and parts of many ids. */
const MIN_SECRET_LENGTH = 8;

/**
 * A list of 5 MiB can hold 250 000 short models or 1.6 million empty objects: to parse them took
 * seconds. So the items are first found, by a scan that costs 10 ms, and then parsed one by one, in
 * slices that let the event loop go on, until there are enough of them. No release of LibreChat
 * carries a parser that reads JSON in pieces.
 */
const MAX_ITEMS = 10000;
const MAX_DEPTH = 64;
/** Bytes, and commas with opening brackets, of one item: OpenRouter's largest have 5 KB and 80. */
const MAX_ITEM_BYTES = 128 * 1024;
const MAX_ITEM_TOKENS = 2000;
const MAX_TOKENS = 200000;
/** Milliseconds. */
const SLICE = 10;
const PRICES_AT_ONCE = 100;

const [QUOTE, BACKSLASH, COMMA, COLON] = Buffer.from('"\\,:');
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = Buffer.from('{}[]');
const SPACE = 0x20;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

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

/** Finds where things lie in a JSON text without parsing it. What it passes over may be wrong. */
class Scanner {
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = bytes.indexOf(BOM) === 0 ? BOM.length : 0;
    this.tokens = 0;
  }

  /** @returns {number | undefined} The next byte that is no space. */
  peek() {
    while (this.bytes[this.at] <= SPACE) {
      this.at += 1;
    }
    return this.bytes[this.at];
  }

  /** @param {number} byte @returns {boolean} Whether it was there and is passed. */
  take(byte) {
    const isThere = this.peek() === byte;
    this.at += isThere ? 1 : 0;
    return isThere;
  }

  passString() {
    const { bytes } = this;
    let at = this.at + 1;
    while (at < bytes.length && bytes[at] !== QUOTE) {
      at += bytes[at] === BACKSLASH ? 2 : 1;
    }
    this.at = at + 1;
  }

  /** Passes one value: it ends before the comma or bracket that belongs to what is around it. */
  passValue() {
    const { bytes } = this;
    let depth = 0;
    while (this.at < bytes.length) {
      const byte = bytes[this.at];
      if (byte === QUOTE) {
        this.passString();
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
        this.tokens += 1;
      } else if (depth === 0 && (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST)) {
        return;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth -= 1;
      } else if (byte === COMMA) {
        this.tokens += 1;
      }
      if (depth > MAX_DEPTH) {
        break;
      }
      this.at += 1;
    }
    throw new ModelsError('invalid_response');
  }

  /** @returns {string | undefined} The value that is passed; undefined when it is too large. */
  passItem() {
    this.peek();
    const { at, tokens } = this;
    this.passValue();
    const isSmall = this.at - at <= MAX_ITEM_BYTES && this.tokens - tokens <= MAX_ITEM_TOKENS;
    return isSmall ? this.bytes.toString('utf8', at, this.at) : undefined;
  }

  /** Goes to the first item of the list: of the whole text, or of its `data`. */
  enterList() {
    if (this.take(OPEN_LIST)) {
      return;
    }
    let isOpen = this.take(OPEN_OBJECT);
    while (isOpen && this.peek() === QUOTE) {
      const from = this.at;
      this.passString();
      const name = this.bytes.toString('latin1', from, this.at);
      if (this.take(COLON) && name === '"data"' && this.take(OPEN_LIST)) {
        return;
      }
      this.passValue();
      isOpen = this.take(COMMA);
    }
    throw new ModelsError('invalid_response');
  }
}

/**
 * @param {Buffer} bytes
 * @returns {Generator<string>} The texts of the items; those with too much in them are left out.
 */
function* itemTexts(bytes) {
  const scanner = new Scanner(bytes);
  scanner.enterList();
  if (scanner.take(CLOSE_LIST)) {
    return;
  }
  for (let count = 0; count < MAX_ITEMS && scanner.tokens < MAX_TOKENS; count++) {
    const text = scanner.passItem();
    if (text !== undefined) {
      yield text;
    }
    if (scanner.take(CLOSE_LIST)) {
      return;
    }
    if (!scanner.take(COMMA)) {
      throw new ModelsError('invalid_response');
    }
  }
}

/** @param {string} text */
function parseItem(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelsError('invalid_response');
  }
}

/** Readers of lists that want to go on: one of them does in each turn of the event loop. */
const waiting = [];

function wakeOne() {
  waiting.shift()();
  if (waiting.length > 0) {
    setImmediate(wakeOne);
  }
}

/** @returns {Promise<void>} Until it is this reader's turn, after whatever else is to be done. */
function takeTurn() {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) {
      setImmediate(wakeOne);
    }
  });
}

/** Lets the event loop, and other readers, go on whenever a slice of time is used up. */
function makePauses() {
  let began = -Infinity;
  return async () => {
    if (performance.now() - began > SLICE) {
      await takeTurn();
      began = performance.now();
    }
  };
}

/** @param {string} id @param {string} secret @returns {boolean} */
function echoes(id, secret) {
  const isLong = secret.length >= MIN_SECRET_LENGTH;
  return id === secret || (isLong && id.toLowerCase().includes(secret.toLowerCase()));
}

/**
 * @param {Buffer} bytes - `{ "data": [{ "id": … }] }`, or the bare list that some providers answer.
 * @param {string} secret - The key: an id that carries it is no model.
 * @returns {Promise<Map<string, object>>} The items by id, in the provider's order, each id once.
 */
async function readModels(bytes, secret) {
  const pause = makePauses();
  const models = new Map();
  await pause();
  for (const text of itemTexts(bytes)) {
    const item = parseItem(text);
    const id = item?.id;
    if (isModelId(id) && !models.has(id) && !echoes(id, secret)) {
      models.set(id, item);
    }
    if (models.size === MAX_MODELS) {
      break;
    }
    await pause();
  }
  if (models.size === 0) {
    throw new ModelsError('invalid_response', 'The provider listed no models for this key.');
  }
  return models;
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
 * over the key, as it does for chat and, from v0.8.7-rc1 on, for LibreChat's own model fetches.
 * @param {import('./host').Host} host
 * @param {{ endpoint: import('./endpoints').CustomEndpoint, key: import('./keys').UserKey,
 *   user: object }} options
 * @returns {Record<string, string>}
 */
function buildHeaders(host, { endpoint, key, user }) {
  const headers = { accept: 'application/json', authorization: `Bearer ${key.apiKey}` };
  if (endpoint.baseURL === undefined) {
    return headers;
  }
  if (process.env.OPENAI_ORGANIZATION && endpoint.baseURL.includes('openai')) {
    headers['openai-organization'] = process.env.OPENAI_ORGANIZATION;
  }
  for (const [name, value] of Object.entries(configuredHeaders(host, endpoint, user))) {
    if (isSendable(value)) {
      headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}

/** @returns {Record<string, string>} */
function configuredHeaders(host, { config }, user) {
  return (config.headers && host.resolveHeaders(config.headers, user)) || {};
}

/**
 * What a user's role or name makes of the administrator's headers: another answer is to be expected
 * when it changes. Tokens of a login change every hour and tell nothing.
 * @param {import('./host').Host} host
 * @param {import('./endpoints').CustomEndpoint} endpoint
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
 * @param {{ endpoint: import('./endpoints').CustomEndpoint, key: import('./keys').UserKey,
 *   req: object, config: object }} options
 * @returns {Question}
 */
function prepare(host, { endpoint, key, req, config }) {
  return {
    baseURL: endpoint.baseURL ?? key.baseURL,
    fromUser: endpoint.baseURL === undefined,
    direct: Boolean(endpoint.config.directEndpoint),
    headers: buildHeaders(host, { endpoint, key, user: req.user }),
    userQuery: endpoint.config.models.userIdQuery ? String(req.user.id) : undefined,
    allowedAddresses: config.endpoints.allowedAddresses,
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
function modelsURL(host, { baseURL, direct, userQuery }) {
  if (baseURL.length > MAX_URL_LENGTH) {
    throw new ModelsError('blocked_url', 'The base URL is too long.');
  }
  const base = (direct && host.extractBaseURL?.(baseURL)) || baseURL;
  const url = `${withoutSlashes(base)}/models`;
  return userQuery === undefined ? url : `${url}?user=${encodeURIComponent(userQuery)}`;
}

/**
 * @param {import('./resolver').Context} context
 * @param {import('./endpoints').CustomEndpoint} endpoint
 * @param {import('./keys').UserKey} key
 * @returns {Promise<{ models: string[], tokenConfig?: Record<string, object> }>}
 */
async function askProvider({ host, settings, req, config }, endpoint, key) {
  const question = prepare(host, { endpoint, key, req, config });
  const { fromUser, allowedAddresses, headers } = question;
  const target = checkURL(modelsURL(host, question), { fromUser, settings, allowedAddresses });
  const body = await getBody({
    ...target,
    headers,
    timeout: settings.timeout,
    // Through a proxy the address could not be checked, so a user's URL is reached directly.
    agent: fromUser ? undefined : host.getProxyAgent(target.url),
  });
  const models = await readModels(body, key.apiKey);
  return { models: [...models.keys()], tokenConfig: await readPrices(host, models) };
}

module.exports = { askProvider, headerTraits, isModelId };
