const { ModelsError } = require('./errors');

/**
 * @typedef {Object} UserKey
 * @property {string} apiKey
 * @property {string | undefined} baseURL
 */

/** Visible ASCII: anything else cannot be sent in a header. */
const SENDABLE = /^[\x21-\x7e]+$/;

/**
 * LibreChat's own `getUserKeyValues` writes a malformed value to the error log (v0.7.9-rc1 on: the
 * message of JSON.parse quotes it), so the value is parsed here.
 * @param {string} value
 * @param {boolean} needsURL
 * @returns {UserKey}
 */
function parse(value, needsURL) {
  let stored;
  try {
    stored = JSON.parse(value);
  } catch {
    throw new ModelsError('invalid_user_key');
  }
  if (stored === null || typeof stored !== 'object') {
    throw new ModelsError('invalid_user_key');
  }
  const text = (field) => (typeof stored[field] === 'string' ? stored[field].trim() : '');
  const apiKey = text('apiKey');
  if (!apiKey) {
    throw new ModelsError('no_user_key');
  }
  if (!SENDABLE.test(apiKey)) {
    throw new ModelsError('invalid_user_key');
  }
  const baseURL = text('baseURL') || undefined;
  if (needsURL && !baseURL) {
    throw new ModelsError('invalid_user_key', 'No base URL is stored for this endpoint.');
  }
  return { apiKey, baseURL };
}

/**
 * The database removes expired keys with a delay of up to a minute, hence the comparison. The
 * word `never` (v0.7.4 on) is no date and compares false.
 */
function isExpired(expiresAt) {
  return new Date(expiresAt ?? NaN).getTime() <= Date.now();
}

/**
 * @param {import('./host').Host} host
 * @param {{ userId: string, name: string, needsURL: boolean }} options
 * @returns {Promise<UserKey>} Rejects with no_user_key, expired_user_key or invalid_user_key.
 */
async function readUserKey(host, { userId, name, needsURL }) {
  const owner = { userId, name };
  const [value, expiry] = await Promise.allSettled([
    host.getUserKey(owner),
    host.getUserKeyExpiry(owner),
  ]);
  if (expiry.status === 'rejected') {
    throw new ModelsError('internal_error');
  }
  const expiresAt = expiry.value?.expiresAt;
  if (expiresAt === null || expiresAt === undefined) {
    throw new ModelsError('no_user_key');
  }
  if (isExpired(expiresAt)) {
    throw new ModelsError('expired_user_key');
  }
  if (value.status === 'rejected') {
    // There is a key, but it cannot be decrypted: CREDS_KEY has changed.
    throw new ModelsError('invalid_user_key');
  }
  return parse(value.value, needsURL);
}

module.exports = { isExpired, readUserKey };
