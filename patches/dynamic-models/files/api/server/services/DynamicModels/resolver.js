const cache = require('./cache');
const flights = require('./flights');
const { askProvider } = require('./provider');
const { customEndpoints } = require('./endpoints');
const { asModelsError, ModelsError } = require('./errors');
const { getHost } = require('./host');
const { makeFilter } = require('./filters');
const { getSettings } = require('./settings');
const { learnHash, lookAhead, recallHash } = require('./keyRecords');
const { readUserKey } = require('./userKey');
const { reportFailure } = require('./failureLog');

/**
 * What is asked on behalf of one request. Null when the feature is off or has nobody to serve.
 * @typedef {Object} Context
 * @property {import('./host').Host} host
 * @property {import('./settings').Settings} settings
 * @property {object} req
 * @property {string} userId
 * @property {string} tenant
 * @property {Map<string, Promise<object | null>>} ahead - Looks at this user's stored keys.
 * @property {object} config
 * @property {import('./endpoints').CustomEndpoint[]} endpoints
 */

/**
 * @typedef {Object} Resolution
 * @property {import('./endpoints').CustomEndpoint} endpoint
 * @property {string[] | undefined} models - The list of this user's present key, filtered;
 *   undefined when there is none.
 * @property {string[]} lastModels - The list of whichever key the user had last, filtered.
 * @property {'provider' | 'cache' | 'stale' | 'default'} source
 * @property {number} [fetchedAt]
 * @property {Record<string, object>} [tokenConfig]
 * @property {ModelsError} [error]
 * @property {(model: string) => boolean} allows
 */

/** A user, across tenants. */
const nameOf = ({ tenant, userId }) => JSON.stringify([tenant, userId]);

/** @param {object} req @returns {Promise<Context | null>} */
async function makeContext(req) {
  const settings = getSettings();
  const host = settings.enabled && req?.user?.id ? getHost() : null;
  if (!host) {
    return null;
  }
  const userId = String(req.user.id);
  const tenant = host.getTenant(req);
  const ahead = lookAhead(host, nameOf({ tenant, userId }));
  const config = await host.getConfig(req);
  const endpoints = customEndpoints(config, host);
  return { host, settings, req, userId, tenant, ahead, config, endpoints };
}

/**
 * Fetches and stores. It starts while its request runs and reads everything it needs from it then;
 * it may end long after. What another request has stored since this one began is the answer: the
 * two did not meet when that one ended while this one was still reading.
 * @param {Context} context
 * @param {{ endpoint: import('./endpoints').CustomEndpoint, key: import('./userKey').UserKey,
 *   entryKey: string, hash: string, since: number }} question
 * @returns {Promise<import('./cache').Entry>}
 */
async function refresh(context, { endpoint, key, entryKey, hash, since }) {
  try {
    const stored = await cache.get(entryKey);
    if (stored?.hash === hash && !stored.refused && stored.fetchedAt >= since) {
      return stored;
    }
    const answer = await askProvider(context, endpoint, key);
    const entry = { ...answer, fetchedAt: Date.now(), hash };
    await cache.set(entryKey, entry);
    return entry;
  } catch (error) {
    const failure = asModelsError(error);
    reportFailure(context.settings, endpoint, key, failure, error);
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
 * @param {import('./cache').Entry | undefined} entry - Of the present key.
 * @returns {Promise<Partial<Resolution>>}
 */
async function obtain(entry, want, settings, question, run) {
  const decision = decide(entry, want, settings);
  if (decision === 'use' || decision === 'use-and-ask') {
    if (decision === 'use-and-ask') {
      flights.ask(question, run).catch(() => undefined);
    }
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

/**
 * The one answer to "which models can this user use on this endpoint": it serves the list shown,
 * the list validated against, and the refresh request.
 * @param {Context} context
 * @param {import('./endpoints').CustomEndpoint} endpoint
 * @param {{ force?: boolean, maxAge?: number }} [want] - `maxAge` in milliseconds.
 * @returns {Promise<Resolution>}
 */
async function resolve(context, endpoint, want = {}) {
  const { host, settings, userId, tenant, ahead } = context;
  const since = Date.now();
  const user = nameOf(context);
  const entryKey = cache.entryKey({ tenant, userId, endpoint: endpoint.name });
  const names = context.endpoints.map(({ name }) => name);
  const allows = makeFilter(settings, endpoint.name, names);
  const { baseURL } = endpoint;
  const [recalled, entry] = await Promise.all([
    recallHash({ user, name: endpoint.name, baseURL, ahead }),
    cache.get(entryKey),
  ]);
  const known = { endpoint, allows, lastModels: (entry?.models ?? []).filter(allows) };
  if (recalled && recalled === entry?.hash && decide(entry, want, settings) === 'use') {
    // The usual case, and the quick one: the key is not even decrypted.
    return { ...known, ...entry, source: 'cache', models: known.lastModels };
  }
  const owner = { userId, name: endpoint.name, needsURL: !baseURL };
  const key = await readUserKey(host, owner).catch(asModelsError);
  if (key instanceof ModelsError) {
    return { ...known, models: undefined, source: 'default', error: key };
  }
  const hashOf = (one) => cache.credentialHash(entryKey, baseURL ?? one.baseURL, one.apiKey);
  const hash = hashOf(key);
  if (!recalled) {
    learnHash(host, { user, owner, baseURL, hash, hashOf }).catch(() => undefined);
  }
  const run = () => refresh(context, { endpoint, key, entryKey, hash, since });
  const current = entry?.hash === hash ? entry : undefined;
  const found = await obtain(current, want, settings, `${entryKey} ${hash}`, run);
  return { ...known, ...found, models: found.models?.filter(allows) };
}

module.exports = { makeContext, resolve };
