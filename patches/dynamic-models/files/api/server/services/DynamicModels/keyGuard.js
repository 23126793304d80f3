const { warnOnce } = require('./log');

const HOUR = 60 * 60 * 1000;

/**
 * LibreChat's own `getUserKeyValues` writes the message of JSON.parse to the error log (v0.7.9-rc1
 * on), and that message quotes the beginning of what could not be parsed. So it is not called for
 * such a value; the user is told the same as before.
 * @param {string} value - A stored key, decrypted.
 */
function refuseMalformed(value) {
  try {
    JSON.parse(value);
  } catch {
    warnOnce('malformed', 'a stored key is no JSON; its user is asked to save it again.', HOUR);
    throw new Error(JSON.stringify({ type: 'invalid_user_key' }));
  }
}

module.exports = { refuseMalformed };
