/**
 * The lists that LibreChat fetches with the system's own keys are kept for everybody until it
 * restarts (up to v0.8.4). With this they expire, and an administrator can have them fetched anew.
 *
 * Added by librechat-patcher. Requiring this file loads nothing of LibreChat and starts nothing:
 * `ModelController` is part of require cycles in several releases.
 */

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;
const UNITS = { s: SECOND, m: 60 * SECOND, h: HOUR, d: 24 * HOUR };
const MAX_DAYS = 365;
const VARIABLE = 'DYNAMIC_MODELS_SHARED_TTL';
const DEFAULT_MAX_AGE = 60;

/** LibreChat keeps the lists of these providers a second time, by address and without end. */
const PROVIDERS = ['https://api.openai.com/v1', 'https://api.anthropic.com/v1'];
const PROXIES = ['OPENAI_REVERSE_PROXY', 'ANTHROPIC_REVERSE_PROXY'];

/** @type {{ ttl: number | undefined } | undefined} */
let settings;
/** When this process put lists into the shared cache; 0 for not yet. */
let loadedAt = 0;
/** @type {Promise<Record<string, string[]>> | undefined} */
let flight;

/** @param {string} specifier @returns {any} The module, or an empty object. */
function optional(specifier) {
  try {
    return require(specifier) ?? {};
  } catch {
    return {};
  }
}

/** @param {string} message */
function warn(message) {
  const logger = optional('@librechat/data-schemas').logger ?? optional('~/config').logger;
  logger?.warn(`[SharedModels] ${message}`);
}

/** @param {string | undefined} text - Such as `90s`, `10m`, `1h`, `7d`, or `never`. */
function readTtl(text) {
  if (text === 'never') {
    return undefined;
  }
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|h|d)$/i.exec(text || '1h');
  const value = match ? Number(match[1]) * UNITS[match[2].toLowerCase()] : NaN;
  if (value > 0 && value <= MAX_DAYS * UNITS.d) {
    return value;
  }
  warn(`${VARIABLE} is not valid and is ignored: one hour applies.`);
  return HOUR;
}

/**
 * How long lists stay in the shared cache, in milliseconds; undefined for without end. Called
 * where LibreChat puts them in.
 */
function sharedModelsTtl() {
  settings ??= { ttl: readTtl(process.env[VARIABLE]?.trim()) };
  loadedAt = Date.now();
  return settings.ttl;
}

function providerUrls() {
  const extractBaseURL =
    optional('~/utils').extractBaseURL ?? optional('@librechat/api').extractBaseURL;
  const proxies = PROXIES.map((name) => process.env[name]).filter(Boolean);
  return [...PROVIDERS, ...proxies.map((url) => extractBaseURL?.(url) ?? url)];
}

/** Called before LibreChat loads lists: those that it keeps a second time must not come back. */
async function forgetProviderLists() {
  try {
    const { CacheKeys } = require('librechat-data-provider');
    const cache = require('~/cache').getLogStores(CacheKeys.MODEL_QUERIES);
    await Promise.all(providerUrls().map((url) => cache.delete(url)));
  } catch (error) {
    warn(`the lists of built-in providers may be old: ${error.code ?? error.name}.`);
  }
}

async function reload(req) {
  const { CacheKeys } = require('librechat-data-provider');
  const { getLogStores } = require('~/cache');
  await getLogStores(CacheKeys.CONFIG_STORE).delete(CacheKeys.MODELS_CONFIG);
  return require('~/server/controllers/ModelController').loadModels(req);
}

/** Asked twice at once, the providers are asked once. */
function reloadOnce(req) {
  flight ??= reload(req).finally(() => {
    flight = undefined;
  });
  return flight;
}

/** @param {unknown} body - `{ endpoint?, maxAge? }`, as `POST /api/models/fetch` takes it. */
function isFresh(body) {
  const { endpoint, maxAge = endpoint === undefined ? DEFAULT_MAX_AGE : 0 } = Object(body);
  return Date.now() - loadedAt < Number(maxAge) * SECOND;
}

/**
 * In front of `POST /api/models/fetch`: an administrator's request has the shared lists fetched
 * anew, unless they are younger than `maxAge`. Then the handler of the patch `dynamic-models`
 * answers for the administrator's own lists; without that patch the shared lists are the answer.
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 * @param {import('express').NextFunction} next
 */
async function refreshSharedModels(req, res, next) {
  if (req.method !== 'POST' || req.user?.role !== 'ADMIN') {
    return next();
  }
  const controllers = require('~/server/controllers/ModelController');
  const hasOwnHandler = typeof controllers.fetchUserModelsController === 'function';
  try {
    const lists = isFresh(req.body) ? await controllers.loadModels(req) : await reloadOnce(req);
    return hasOwnHandler ? next() : answer(res, lists);
  } catch (error) {
    warn(`the lists could not be fetched anew: ${error.code ?? error.name}.`);
    return hasOwnHandler ? next() : fail(res);
  }
}

function answer(res, lists) {
  const fetchedAt = loadedAt ? new Date(loadedAt).toISOString() : null;
  const entries = Object.entries(lists).map(([endpoint, models]) => [
    endpoint,
    { models, source: 'provider', fetchedAt },
  ]);
  res.status(200).json({ endpoints: Object.fromEntries(entries) });
}

function fail(res) {
  const message = 'The model lists could not be fetched.';
  res.status(502).json({ error: { code: 'provider_error', message } });
}

module.exports = { forgetProviderLists, refreshSharedModels, sharedModelsTtl };
