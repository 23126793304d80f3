const cache = require('./cache');
const flights = require('./flights');
const { askProvider, headerTraits } = require('./provider');
const { builtInEndpoints } = require('./builtin');
const { customEndpoints } = require('./endpoints');
const { asModelsError } = require('./errors');
const { countCall, countHit } = require('./health');
const { getHost, whatIsMissing } = require('./host');
const { makeFilter } = require('./filters');
const { getSettings } = require('./settings');
const { learnHash, lookAtKeys, present, readUserKey, recallHash } = require('./keys');
const { reportFailure, warnOnce } = require('./log');

/**
 * What is asked on behalf of one request. Null when the feature is off or has nobody to serve.
 * @typedef {Object} Context
 * @property {import('./host').Host} host
 * @property {import('./settings').Settings} settings
 * @property {object} req
 * @property {string} userId
 * @property {string} tenant
 * @property {Promise<Map<string, import('./keys').Seen> | null>} keys - This user's, as seen.
 * @property {object} config
 * @property {import('./endpoints').Endpoint[]} endpoints
 */

/**
 * @typedef {Object} Resolution
 * @property {import('./endpoints').Endpoint} endpoint
 * @property {string[] | undefined} models - The list of this user's present key, filtered;
 *   undefined when there is none.
 * @property {'provider' | 'cache' | 'stale' | 'default'} source
 * @property {number} [fetchedAt]
 * @property {Record<string, object>} [tokenConfig]
 * @property {import('./errors').ModelsError} [error]
 * @property {(model: string) => boolean} allows
 */

let isMissingSaid = false;

/** @returns {import('./host').Host | null} */
function findHost() {
  const host = getHost();
  if (!host && !isMissingSaid) {
    isMissingSaid = true;
    const missing = whatIsMissing().join(', ');
    warnOnce('host', `switched off: this release of LibreChat does not provide ${missing}.`);
  }
  return host;
}

/** A custom endpoint with the name of a built-in one takes its place in LibreChat's map of models. */
function allEndpoints(config, host, settings) {
  const custom = customEndpoints(config, host);
  const builtIn = settings.builtIn ? builtInEndpoints(config, host) : [];
  return [...builtIn.filter(({ name }) => !custom.some((one) => one.name === name)), ...custom];
}

/** @param {object} req @returns {Promise<Context | null>} */
async function makeContext(req) {
  const settings = getSettings();
  const host = settings.enabled && req?.user?.id ? findHost() : null;
  if (!host) {
    return null;
  }
  const userId = String(req.user.id);
  const config = await host.getConfig(req);
  const endpoints = allEndpoints(config, host, settings);
  const names = endpoints.filter(({ owned }) => owned).map(({ name }) => name);
  const keys = lookAtKeys(host, userId, names);
  return { host, settings, req, userId, tenant: host.getTenant(req), keys, config, endpoints };
}

/**
 * Fetches and stores. It starts while its request runs and reads everything it needs from it then;
 * it may end long after. What another request has stored since this one began is the answer: the
 * two did not meet when that one ended while this one was still reading.
 * @param {Context} context
 * @param {{ endpoint: import('./endpoints').Endpoint, key: import('./storedKeys').UserKey,
 *   entryKey: string, hash: string, since: number }} question
 * @returns {Promise<import('./cache').Entry>}
 */
async function refresh(context, { endpoint, key, entryKey, hash, since }) {
  try {
    const stored = await cache.get(entryKey);
    if (stored?.hash === hash && !stored.refused && stored.fetchedAt >= since) {
      return stored;
    }
    const answer = await countCall(endpoint.name, () => askProvider(context, endpoint, key));
    const entry = { ...answer, fetchedAt: Date.now(), hash };
    await cache.set(entryKey, entry);
    return entry;
  } catch (error) {
    const failure = asModelsError(error);
    reportFailure(context.settings, endpoint, failure, error);
    if (failure.code === 'provider_unauthorized') {
      await markRefused(entryKey, hash);
    }
    throw failure;
  }
}

/** Remembered beyond this process: a refused key must not show its models again. */
async function markRefused(entryKey, hash) {
  const entry = await cache.get(entryKey);
  if (entry?.hash === hash && !entry.refused) {
    await cache.set(entryKey, { ...entry, refused: true });
  }
}

/**
 * @param {import('./cache').Entry | undefined} entry - Of the present key.
 * @param {{ force?: boolean, maxAge?: number }} want
 * @param {import('./settings').Settings} settings
 * @returns {'ask' | 'insist' | 'use' | 'use-and-ask'}
 */
function decide(entry, { force, maxAge }, { ttl, refreshAfter }) {
  if (force) {
    return 'insist';
  }
  if (!entry || entry.refused) {
    return 'ask';
  }
  const age = Date.now() - entry.fetchedAt;
  if (age > Math.min(maxAge ?? ttl, ttl)) {
    return 'ask';
  }
  return age > refreshAfter ? 'use-and-ask' : 'use';
}

/**
 * @param {{ endpoint: import('./endpoints').Endpoint, settings: import('./settings').Settings }} of
 * @param {import('./cache').Entry | undefined} entry - Of the present key.
 * @returns {Promise<Partial<Resolution>>}
 */
async function obtain({ endpoint, settings }, entry, want, question, run) {
  const decision = decide(entry, want, settings);
  if (decision === 'use' || decision === 'use-and-ask') {
    if (decision === 'use-and-ask') {
      flights.ask(question, run).catch(() => undefined);
    }
    countHit(endpoint.name);
    return { ...entry, source: 'cache' };
  }
  try {
    const fetched = await flights[decision](question, run);
    return { ...fetched, source: 'provider' };
  } catch (error) {
    const failure = asModelsError(error);
    const usable = entry && !entry.refused && failure.code !== 'provider_unauthorized';
    return usable && Date.now() - entry.fetchedAt <= settings.staleIfError
      ? { ...entry, source: 'stale', error: failure }
      : { source: 'default', error: failure };
  }
}

/** @param {Context} context @param {import('./endpoints').Endpoint} endpoint */
function entryKeyOf({ tenant, userId }, endpoint) {
  return cache.entryKey({ tenant, userId, endpoint: endpoint.name });
}

/** @param {Context} context @param {import('./endpoints').Endpoint} endpoint */
function filterOf({ settings, endpoints }, endpoint) {
  return makeFilter(
    settings,
    endpoint.name,
    endpoints.map(({ name }) => name),
  );
}

/**
 * Tells which question a user's present key asks: from what is remembered of that very key, else
 * from the key itself. The key may have changed since it was looked at, so whoever then needs it
 * takes question and key from one reading.
 * @param {Context} context
 * @param {import('./endpoints').Endpoint} endpoint
 * @param {{ entryKey: string, seen: import('./keys').Seen | null }} of
 * @returns {Promise<{ hash: string, key?: import('./storedKeys').UserKey, read: Function }>}
 */
async function identify({ host, req, userId }, endpoint, { entryKey, seen }) {
  const { name, baseURL, fallbackURL, parseKey } = endpoint;
  const traits = headerTraits(host, endpoint, req.user);
  const question = { userId, name, baseURL, digest: seen?.digest };
  const read = async () => {
    const key = await readUserKey(host, { userId, name }, { parse: parseKey, key: seen });
    const url = baseURL ?? key.baseURL ?? fallbackURL;
    const credentials = cache.credentialHash(entryKey, url, key.apiKey);
    if (seen) {
      learnHash(host, question, credentials).catch(() => undefined);
    }
    return { hash: cache.questionHash(credentials, traits), key, read };
  };
  const recalled = seen && recallHash(question);
  return recalled ? { hash: cache.questionHash(recalled, traits), read } : read();
}

/**
 * The one answer to "which models can this user use on this endpoint": it serves the list shown,
 * the list validated against, and the refresh request.
 * @param {Context} context
 * @param {import('./endpoints').Endpoint} endpoint
 * @param {{ force?: boolean, maxAge?: number }} [want] - `maxAge` in milliseconds.
 * @returns {Promise<Resolution>}
 */
async function resolve(context, endpoint, want = {}) {
  const { settings } = context;
  const since = Date.now();
  const entryKey = entryKeyOf(context, endpoint);
  const allows = filterOf(context, endpoint);
  const known = { endpoint, allows };
  let asked;
  let entry;
  try {
    const seen = present(await context.keys, endpoint.name);
    entry = await cache.get(entryKey);
    asked = await identify(context, endpoint, { entryKey, seen });
    if (asked.hash === entry?.hash && decide(entry, want, settings) === 'use') {
      // The usual case, and the quick one: mostly the key is not even decrypted.
      countHit(endpoint.name);
      return { ...known, ...entry, source: 'cache', models: entry.models.filter(allows) };
    }
    asked = asked.key ? asked : await asked.read();
  } catch (error) {
    return { ...known, models: undefined, source: 'default', error: asModelsError(error) };
  }
  const { hash, key } = asked;
  const run = (from = since) => refresh(context, { endpoint, key, entryKey, hash, since: from });
  const current = entry?.hash === hash ? entry : undefined;
  const found = await obtain({ endpoint, settings }, current, want, `${entryKey} ${hash}`, run);
  return { ...known, ...found, models: found.models?.filter(allows) };
}

/**
 * @param {Context} context
 * @param {import('./endpoints').Endpoint} endpoint
 * @returns {Promise<string[]>} The list of whichever key the user had last, filtered.
 */
async function lastModels(context, endpoint) {
  const entry = await cache.get(entryKeyOf(context, endpoint));
  return (entry?.models ?? []).filter(filterOf(context, endpoint));
}

module.exports = { lastModels, makeContext, resolve };
