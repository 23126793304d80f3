const { getLogger } = require('./host');
const { BoundedMap } = require('./memory');

const PREFIX = '[DynamicModels]';
const HOUR = 60 * 60 * 1000;
const MAX_LENGTH = 500;
const REFUSALS = new Set(['insecure_url', 'blocked_url']);
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const said = new BoundedMap({ maxEntries: 1000 });

/**
 * Writes one line. Some of LibreChat's jest suites mock the logger with `error` alone.
 * @param {'debug' | 'warn' | 'error'} level
 * @param {string} text
 */
function write(level, text) {
  const logger = getLogger();
  const method = logger?.[level] ?? (level === 'debug' ? undefined : logger?.error);
  if (typeof method === 'function') {
    method.call(logger, `${PREFIX} ${text.slice(0, MAX_LENGTH).replace(UNPRINTABLE, '?')}`);
  }
}

/**
 * A warning that is written once per topic and process, or once per interval; repetitions go to
 * debug level, so that a broken provider with a thousand users does not fill the log.
 * @param {string} topic
 * @param {string} text
 * @param {number} [interval] - Milliseconds.
 */
function warnOnce(topic, text, interval = Infinity) {
  if (said.get(topic)) {
    return write('debug', text);
  }
  said.set(topic, true, interval);
  return write('warn', text);
}

/**
 * @param {unknown} error
 * @returns {string} What may be logged of an error that is not one of ours: its name and code.
 *   Messages of foreign errors can quote keys (JSON.parse on Node 20 does).
 */
function describe(error) {
  const name = error?.name ?? typeof error;
  return error?.code ? `${name} ${error.code}` : String(name);
}

/**
 * @param {string} baseURL - Of the administrator.
 * @param {boolean} httpsOnly
 * @returns {string} What to write to allow a URL that was refused.
 */
function advice(baseURL, httpsOnly) {
  let url;
  try {
    url = new URL(baseURL);
  } catch {
    return '';
  }
  if (httpsOnly && url.protocol === 'http:') {
    return ' DYNAMIC_MODELS_HTTPS_ONLY is set.';
  }
  return url.host ? ` To allow it, add to .env: DYNAMIC_MODELS_ALLOW_HTTP=${url.host}` : '';
}

/**
 * One line per endpoint and kind of failure and hour. A refused URL is the administrator's business:
 * one line per process, with what to add to `.env`. What a user supplied is neither named nor
 * advised to be allowed: it may be the address that an attacker would like to reach.
 * @param {import('./settings').Settings} settings
 * @param {import('./endpoints').Endpoint} endpoint
 * @param {import('./errors').ModelsError} failure
 * @param {unknown} cause
 */
function reportFailure(settings, { name, baseURL, isBuiltIn }, failure, cause) {
  const { code, message } = failure;
  const topic = `${name}:${code}`;
  const text = `models of "${name}" were not fetched: ${code}. ${message}`;
  if (!REFUSALS.has(code)) {
    const detail = code === 'internal_error' ? ` (${describe(cause)})` : '';
    return warnOnce(topic, text + detail, HOUR);
  }
  if (baseURL === undefined) {
    return warnOnce(topic, `${text} A user supplied the URL.`);
  }
  const file = isBuiltIn ? '.env' : 'librechat.yaml';
  return warnOnce(topic, `${text} The URL is in ${file}.${advice(baseURL, settings.httpsOnly)}`);
}

module.exports = { write, warnOnce, describe, reportFailure };
