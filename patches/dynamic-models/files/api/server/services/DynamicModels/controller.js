const { asModelsError, ModelsError } = require('./errors');
const { findEndpoint } = require('./endpoints');
const { makeContext, resolve } = require('./resolver');
const { describe, warnOnce } = require('./log');
const { shownList } = require('./overlay');
const { BoundedMap } = require('./memory');
const { countLists } = require('./cache');
const { report } = require('./health');

/**
 * The limit is counted here: LibreChat's `express-rate-limit` and the store that it shares between
 * processes are wired differently in each era, and v0.7.0 has no limiter that names a user.
 */

/** The role of the first user and of administrators, all releases. */
const ADMINISTRATOR = 'ADMIN';
const DEFAULT_MAX_AGE = 60;
const MAX_NAME_LENGTH = 256;
const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const REQUESTS_A_MINUTE = 30;
/** No key, or one that reads no list: such endpoints are left out of the answer about all. */
const NOTHING_TO_ASK = new Set(['no_user_key', 'fetch_disabled']);

/** @type {BoundedMap<{ count: number, end: number }>} */
const windows = new BoundedMap({ maxEntries: 20000 });

/**
 * Counts a request of a user.
 * @param {string} userId
 * @returns {number} Seconds to wait; 0 when the request may proceed.
 */
function secondsToWait(userId) {
  const now = Date.now();
  let current = windows.get(userId);
  if (!current) {
    current = { count: 0, end: now + MINUTE };
    windows.set(userId, current, MINUTE);
  }
  current.count += 1;
  const isOver = current.count > REQUESTS_A_MINUTE;
  return isOver ? Math.max(1, Math.ceil((current.end - now) / 1000)) : 0;
}

/**
 * @param {unknown} body - Express 5 leaves it undefined when there is none.
 * @returns {{ endpoint?: string, maxAge: number }}
 */
function readRequest(body = {}) {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new ModelsError('invalid_request', 'The body must be an object.');
  }
  const { endpoint, maxAge = endpoint === undefined ? DEFAULT_MAX_AGE : 0 } = body;
  if (endpoint !== undefined && (typeof endpoint !== 'string' || !endpoint)) {
    throw new ModelsError('invalid_request', 'endpoint must be the name of an endpoint.');
  }
  if (endpoint?.length > MAX_NAME_LENGTH) {
    throw new ModelsError('endpoint_not_found');
  }
  if (typeof maxAge !== 'number' || !Number.isFinite(maxAge) || maxAge < 0) {
    throw new ModelsError('invalid_request', 'maxAge must be a number of seconds.');
  }
  return { endpoint, maxAge };
}

/** @param {number} maxAge - Seconds. */
function freshness(maxAge) {
  return maxAge === 0 ? { force: true } : { maxAge: maxAge * 1000 };
}

/** @param {import('./resolver').Resolution} resolution */
function toAnswer(resolution) {
  const { source, fetchedAt, error } = resolution;
  return {
    models: shownList(resolution),
    source,
    fetchedAt: fetchedAt === undefined ? null : new Date(fetchedAt).toISOString(),
    ...(error && { error: error.toJSON() }),
  };
}

/** Refreshes one endpoint; without a last good list a failure is the answer. */
async function fetchOne(context, name, maxAge) {
  if (!context) {
    throw new ModelsError('fetch_disabled');
  }
  const endpoint = findEndpoint(context.endpoints, name);
  if (!endpoint) {
    throw new ModelsError('endpoint_not_found');
  }
  if (!endpoint.owned) {
    throw new ModelsError('fetch_disabled');
  }
  const resolution = await resolve(context, endpoint, freshness(maxAge));
  if (!resolution.models) {
    throw resolution.error;
  }
  const { tokenConfig } = resolution;
  return { endpoint: endpoint.name, ...toAnswer(resolution), ...(tokenConfig && { tokenConfig }) };
}

/** Refreshes what is older than `maxAge`; endpoints without a key are left out. */
async function fetchAll(context, maxAge) {
  const owned = context?.endpoints.filter((endpoint) => endpoint.owned) ?? [];
  const resolutions = await Promise.all(
    owned.map((endpoint) => resolve(context, endpoint, freshness(maxAge))),
  );
  const answers = resolutions
    .filter(({ error }) => !NOTHING_TO_ASK.has(error?.code))
    .map((resolution) => [resolution.endpoint.name, toAnswer(resolution)]);
  return { endpoints: Object.fromEntries(answers) };
}

/** @param {import('express').Request} req */
async function answer(req) {
  const { endpoint, maxAge } = readRequest(req.body);
  const context = await makeContext(req);
  return endpoint === undefined ? fetchAll(context, maxAge) : fetchOne(context, endpoint, maxAge);
}

/** Express 4 (up to v0.8.1) does not catch rejections, so nothing may escape from here. */
async function fetchUserModels(req, res) {
  try {
    const wait = secondsToWait(String(req.user?.id));
    if (wait > 0) {
      res.set('Retry-After', String(wait));
      throw new ModelsError('too_many_requests');
    }
    res.status(200).json(await answer(req));
  } catch (error) {
    const failure = asModelsError(error);
    if (failure !== error) {
      warnOnce('fetch', `POST /api/models/fetch failed: ${describe(error)}.`, HOUR);
    }
    res.status(failure.status).json({ error: failure.toJSON() });
  }
}

/** Of this process: others count for themselves. */
async function reportHealth(req, res) {
  const isAdministrator = req.user?.role === ADMINISTRATOR;
  const forbidden = new ModelsError('forbidden');
  return isAdministrator
    ? res.status(200).json(report(countLists()))
    : res.status(forbidden.status).json({ error: forbidden.toJSON() });
}

module.exports = { fetchUserModels, reportHealth };
