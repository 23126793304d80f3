const crypto = require('crypto');
const store = require('./store');
const { BoundedMap } = require('./memory');
const { getSettings } = require('./settings');

/** How long a process may answer from its own copy before it looks at what others have stored. */
const FRONT_TTL = 60 * 1000;

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

/** Without CREDS_KEY, which LibreChat encrypts keys with, hashes are good for this process only. */
const secret = crypto
  .createHash('sha256')
  .update(`dynamic-models:${process.env.CREDS_KEY || crypto.randomBytes(32).toString('hex')}`)
  .digest();

/**
 * What tells one key or URL from another without storing either. The entry's name is part of it,
 * so that equal keys of two users do not look equal in the database.
 * @param {string} key - Of the entry.
 * @param {string} baseURL
 * @param {string} apiKey
 */
function credentialHash(key, baseURL, apiKey) {
  return crypto
    .createHmac('sha256', secret)
    .update(JSON.stringify([key, baseURL, apiKey]))
    .digest('base64url');
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
  front.set(key, text, store.isAvailable() ? Math.min(FRONT_TTL, keep) : keep, text.length);
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
  const text = await store.read(key);
  const entry = parse(text);
  if (!entry || remaining(entry) <= 0) {
    return undefined;
  }
  remember(key, text, remaining(entry));
  return entry;
}

/** @param {string} key @param {Entry} entry */
async function set(key, entry) {
  const text = JSON.stringify(entry);
  const keep = remaining(entry);
  remember(key, text, keep);
  await store.write(key, text, keep);
}

module.exports = { credentialHash, entryKey, get, set };
