const { ModelsError } = require('./errors');

/**
 * What LibreChat's key dialog stores, all releases (client/src/components/Input/SetKeyDialog): JSON
 * with key and URL for custom endpoints, openAI and assistants, the bare key for anthropic, JSON
 * with an API key, a service account or both for google. LibreChat's own `getUserKeyValues` writes a
 * malformed value to the error log (v0.7.9-rc1 on: the message of JSON.parse quotes it), so values
 * are parsed here.
 */

const MAX_KEY_LENGTH = 8 * 1024;
/** Key and URL as JSON. */
const MAX_VALUE_LENGTH = 12 * 1024;

/** Visible ASCII: anything else cannot be sent in a header. */
const SENDABLE = /^[\x21-\x7e]+$/;

/**
 * @typedef {Object} UserKey
 * @property {string} apiKey
 * @property {string | undefined} baseURL
 */

/** @param {string} value */
function assertShort(value) {
  if (value.length > MAX_VALUE_LENGTH) {
    throw new ModelsError('invalid_user_key', 'The stored key is too long.');
  }
}

/** @param {string} value @returns {(field: string) => string} Reads a text of the stored object. */
function readObject(value) {
  assertShort(value);
  let stored;
  try {
    stored = JSON.parse(value);
  } catch {
    throw new ModelsError('invalid_user_key');
  }
  if (stored === null || typeof stored !== 'object') {
    throw new ModelsError('invalid_user_key');
  }
  return (field) => (typeof stored[field] === 'string' ? stored[field].trim() : '');
}

/** @param {string} apiKey @returns {string} The key itself; throws when it cannot be sent. */
function sendable(apiKey) {
  if (!apiKey) {
    throw new ModelsError('no_user_key');
  }
  if (apiKey.length > MAX_KEY_LENGTH || !SENDABLE.test(apiKey)) {
    throw new ModelsError('invalid_user_key');
  }
  return apiKey;
}

/** @param {string} value @param {boolean} needsURL @returns {UserKey} */
function parseKeyAndURL(value, needsURL) {
  const text = readObject(value);
  const apiKey = sendable(text('apiKey'));
  const baseURL = text('baseURL') || undefined;
  if (needsURL && !baseURL) {
    throw new ModelsError('invalid_user_key', 'No base URL is stored for this endpoint.');
  }
  return { apiKey, baseURL };
}

/** @param {string} value @returns {UserKey} */
function parseBareKey(value) {
  assertShort(value);
  return { apiKey: sendable(value.trim()), baseURL: undefined };
}

/**
 * A service account talks to Vertex AI, which has no list that it could be asked for.
 * @param {string} value
 * @param {boolean} keyWins - Whether the release uses the API key where both are stored.
 * @returns {UserKey}
 */
function parseGoogleKey(value, keyWins) {
  const stored = readObject(value);
  const apiKey = stored('GOOGLE_API_KEY');
  if (stored('GOOGLE_SERVICE_KEY') && !(apiKey && keyWins)) {
    throw new ModelsError('fetch_disabled', 'Models of a service account are not fetched.');
  }
  return { apiKey: sendable(apiKey), baseURL: undefined };
}

module.exports = { MAX_VALUE_LENGTH, parseBareKey, parseGoogleKey, parseKeyAndURL };
