const crypto = require('crypto');
const { BoundedMap } = require('./memory');
const { describe, warnOnce } = require('./log');
const { getHost } = require('./host');
const { getSettings } = require('./settings');

/**
 * A collection of its own in LibreChat's database. The store that LibreChat keeps bans in
 * (`keyvMongo`, collection `logs`) has neither an index on its key nor, from v0.7.8-rc1 on, anything
 * that removes what has expired: reading it would take longer with every user.
 */
const COLLECTION = 'dynamic_models';
const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
/** A database that could not make an index is asked again after this time. */
const INDEX_PAUSE = MINUTE;

/** How long a process may answer from its own copy before it looks at what others have stored. */
const FRONT_TTL = MINUTE;

/** Lists are held as JSON: 3.6 KB for a hundred models, so the bound is some 9 000 users. */
const front = new BoundedMap({ maxEntries: 20000, maxWeight: 32 * 1024 * 1024 });

/**
 * One list, as stored.
 * @typedef {Object} Entry
 * @property {string[]} models - As the provider sent them, before any filter.
 * @property {Record<string, object>} [tokenConfig]
 * @property {number} fetchedAt
 * @property {string} hash - Of base URL and key.
 * @property {boolean} [refused] - The provider has refused this very key since.
 */

/**
 * Readable on purpose: an administrator can find and delete the entries of a user.
 * @param {{ tenant: string, userId: string, endpoint: string }} owner
 */
function entryKey({ tenant, userId, endpoint }) {
  return [tenant, userId, endpoint].map(encodeURIComponent).join('/');
}

/** @type {Buffer | undefined} */
let secret;

/** Without CREDS_KEY, which LibreChat encrypts keys with, hashes are good for this process only. */
function getSecret() {
  secret ??= crypto
    .createHash('sha256')
    .update(`dynamic-models:${process.env.CREDS_KEY || crypto.randomBytes(32).toString('hex')}`)
    .digest();
  return secret;
}

/**
 * What tells one key or URL from another without storing either. The entry's name is part of it,
 * so that equal keys of two users do not look equal in the database.
 * @param {string} key - Of the entry.
 * @param {string} baseURL
 * @param {string} apiKey
 */
function credentialHash(key, baseURL, apiKey) {
  return crypto
    .createHmac('sha256', getSecret())
    .update(JSON.stringify([key, baseURL, apiKey]))
    .digest('base64url');
}

/**
 * The hash of a question: of its credentials, and of what a user's role or name makes of the
 * administrator's headers.
 * @param {string} credentials - A `credentialHash`.
 * @param {string} traits - Empty when nothing of a user is in the headers.
 */
function questionHash(credentials, traits) {
  if (traits === '') {
    return credentials;
  }
  const hmac = crypto.createHmac('sha256', getSecret());
  return hmac.update(credentials + traits).digest('base64url');
}

/** @returns {import('mongodb').Collection | undefined} Undefined without a database. */
function getCollection() {
  return getHost()?.getCollection(COLLECTION);
}

/** By collection and fields: when an index was last asked for, or that it is there. */
const indexes = new BoundedMap({ maxEntries: 100 });

/**
 * Has the database make an index, once, and again after a pause when that failed.
 * @param {import('mongodb').Collection} collection
 * @param {object} fields
 * @param {object} options
 */
async function ensureIndex(collection, fields, options) {
  const topic = `${collection.collectionName}:${Object.keys(fields)}`;
  if (indexes.get(topic)) {
    return;
  }
  indexes.set(topic, true, INDEX_PAUSE);
  try {
    await collection.createIndex(fields, options);
    indexes.set(topic, true, Infinity);
  } catch (error) {
    warnOnce(`index:${topic}`, `no index on ${topic}: ${describe(error)}.`, HOUR);
  }
}

/**
 * @template T
 * @param {(collection: import('mongodb').Collection) => Promise<T>} action
 * @returns {Promise<T | undefined>} Undefined when the database fails: the lists then live in
 *   memory only.
 */
async function attempt(action) {
  try {
    const collection = getCollection();
    return collection ? await action(collection) : undefined;
  } catch (error) {
    warnOnce('store', `the database cannot be used: ${describe(error)}.`, HOUR);
    return undefined;
  }
}

/** @param {string | undefined} text @returns {Entry | undefined} */
function parse(text) {
  try {
    const entry = JSON.parse(text);
    return Array.isArray(entry?.models) && Number.isFinite(entry.fetchedAt) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} key @param {string} text @param {number} keep */
function remember(key, text, keep) {
  front.set(key, text, getCollection() ? Math.min(FRONT_TTL, keep) : keep, text.length);
}

/** How much longer an entry is worth keeping: as the last good list, at the longest. */
function remaining(entry) {
  const { ttl, staleIfError } = getSettings();
  return entry.fetchedAt + Math.max(ttl, staleIfError) - Date.now();
}

/** @param {string} key @returns {Promise<Entry | undefined>} */
async function get(key) {
  const known = parse(front.get(key));
  if (known) {
    return known;
  }
  const document = await attempt((collection) => collection.findOne({ _id: key }));
  const entry = typeof document?.value === 'string' ? parse(document.value) : undefined;
  if (!entry || remaining(entry) <= 0) {
    return undefined;
  }
  remember(key, document.value, remaining(entry));
  return entry;
}

/** @param {string} key @param {Entry} entry */
async function set(key, entry) {
  const value = JSON.stringify(entry);
  const keep = remaining(entry);
  remember(key, value, keep);
  const expiresAt = new Date(Date.now() + keep);
  await attempt(async (collection) => {
    // The database removes what has expired, also after the patch is gone.
    await ensureIndex(collection, { expiresAt: 1 }, { expireAfterSeconds: 0 });
    return collection.updateOne({ _id: key }, { $set: { value, expiresAt } }, { upsert: true });
  });
}

/** @returns {Map<string, number>} How many lists this process holds, by endpoint. */
function countLists() {
  const counts = new Map();
  for (const key of front.keys()) {
    const endpoint = decodeURIComponent(key.slice(key.lastIndexOf('/') + 1));
    counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
  }
  return counts;
}

/**
 * Removes all lists of a user of the present tenant.
 * @param {string} userId
 */
async function forgetUser(userId) {
  const tenant = getHost()?.getTenant({}) ?? '';
  const prefix = entryKey({ tenant, userId, endpoint: '' });
  front.deleteAll((key) => key.startsWith(prefix));
  // All that begins with the prefix: `0` comes after the slash at its end.
  const range = { $gte: prefix, $lt: `${prefix.slice(0, -1)}0` };
  await attempt((collection) => collection.deleteMany({ _id: range }));
}

module.exports = {
  countLists,
  credentialHash,
  ensureIndex,
  entryKey,
  forgetUser,
  get,
  questionHash,
  set,
};
