const { BoundedMap } = require('./memory');

/**
 * What came of the lists since this process started, for its administrators: numbers by endpoint, and
 * nothing of a user, a key or a URL. Each is kept in a place of its own, so that a request costs the
 * same whatever went before, and endpoints are forgotten when there are too many.
 *
 * @typedef {Object} Health
 * @property {number} hits - Answers from a stored list.
 * @property {number} calls - To the provider.
 * @property {Record<string, number>} failures - Of these, by code.
 * @property {string | null} lastSuccess
 * @property {string | null} lastFailure
 * @property {number} slowest - Milliseconds.
 */

const MAX_ENDPOINTS = 500;
const since = new Date().toISOString();

/** @type {BoundedMap<Health>} */
const endpoints = new BoundedMap({ maxEntries: MAX_ENDPOINTS });

/** @param {string} name @returns {Health} */
function of(name) {
  const known = endpoints.get(name);
  if (known) {
    return known;
  }
  const fresh = {
    ...{ hits: 0, calls: 0, failures: {} },
    ...{ lastSuccess: null, lastFailure: null, slowest: 0 },
  };
  endpoints.set(name, fresh, Infinity);
  return fresh;
}

/** @param {string} name - Of an endpoint whose stored list was the answer. */
function countHit(name) {
  of(name).hits += 1;
}

/**
 * @template T
 * @param {string} name - Of the endpoint.
 * @param {() => Promise<T>} call - To its provider; rejects with a ModelsError.
 * @returns {Promise<T>}
 */
async function countCall(name, call) {
  const health = of(name);
  const began = performance.now();
  health.calls += 1;
  try {
    const answer = await call();
    health.lastSuccess = new Date().toISOString();
    return answer;
  } catch (error) {
    const { code = 'internal_error' } = error ?? {};
    health.failures[code] = (health.failures[code] ?? 0) + 1;
    health.lastFailure = new Date().toISOString();
    throw error;
  } finally {
    health.slowest = Math.max(health.slowest, Math.round(performance.now() - began));
  }
}

/**
 * @param {Map<string, number>} lists - How many are held, by endpoint.
 * @returns {{ since: string, endpoints: Record<string, Health & { lists: number }> }}
 */
function report(lists) {
  const names = new Set([...lists.keys(), ...endpoints.keys()]);
  const rows = [...names]
    .sort()
    .map((name) => [name, { lists: lists.get(name) ?? 0, ...of(name) }]);
  return { since, endpoints: Object.fromEntries(rows) };
}

module.exports = { countCall, countHit, report };
