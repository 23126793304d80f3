const { warnOnce } = require('./log');

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };
const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/**
 * @typedef {Object} Settings
 * @property {boolean} enabled
 * @property {boolean} builtIn - Whether built-in endpoints are served, too.
 * @property {number} ttl - Up to this age (ms) a list is answered without waiting.
 * @property {number} refreshAfter - From this age on it is also refreshed in the background.
 * @property {number} staleIfError - Up to this age it stands in for a provider that fails.
 * @property {number} timeout
 * @property {string[]} allowHttp
 * @property {boolean} httpsOnly
 * @property {boolean} keysIndex - Whether an index on the owners of keys may be made.
 * @property {string[]} include
 * @property {string[]} exclude
 */

/** @param {string} text @returns {boolean | undefined} */
function parseFlag(text) {
  const value = text.toLowerCase();
  if (TRUE.has(value)) {
    return true;
  }
  return FALSE.has(value) ? false : undefined;
}

/** @param {string} text - Such as `24h`, `90 s`, `1.5d`. @returns {number | undefined} */
function parseDuration(text) {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/i.exec(text);
  const value = match ? Number(match[1]) * UNITS[match[2].toLowerCase()] : NaN;
  return value > 0 && value <= 365 * DAY ? value : undefined;
}

/** @param {string} text - `host` or `host:port`, several separated by commas or spaces. */
function parseHosts(text) {
  const hosts = parseList(text.toLowerCase());
  return hosts.every((host) => /^(\[[0-9a-f:.]+\]|[^\s/:@[\]]+)(:\d{1,5})?$/.test(host))
    ? hosts
    : undefined;
}

/** @param {string} text @returns {string[]} */
function parseList(text) {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Model ids and endpoint names may contain spaces, so only commas separate globs. */
function parseGlobs(text) {
  return text
    .split(',')
    .map((glob) => glob.trim())
    .filter(Boolean);
}

/**
 * @template T
 * @param {string} name - Without the `DYNAMIC_MODELS_` prefix.
 * @param {T} fallback
 * @param {(text: string) => T | undefined} parse
 * @returns {T}
 */
function read(name, fallback, parse) {
  const variable = `DYNAMIC_MODELS_${name}`;
  const text = process.env[variable]?.trim();
  if (!text) {
    return fallback;
  }
  const value = parse(text);
  if (value !== undefined) {
    return value;
  }
  warnOnce(`setting:${name}`, `${variable} is not valid and is ignored; the default applies.`);
  return fallback;
}

/** @type {Settings | undefined} */
let settings;

/**
 * The settings of this process, read at the first request: by then LibreChat has loaded `.env`.
 * @returns {Settings}
 */
function getSettings() {
  settings ??= Object.freeze({
    enabled: read('ENABLED', true, parseFlag),
    builtIn: read('BUILT_IN', true, parseFlag),
    ttl: read('TTL', DAY, parseDuration),
    refreshAfter: read('REFRESH_AFTER', HOUR, parseDuration),
    staleIfError: read('STALE_IF_ERROR', 7 * DAY, parseDuration),
    timeout: read('TIMEOUT', 5 * SECOND, parseDuration),
    allowHttp: read('ALLOW_HTTP', [], parseHosts),
    httpsOnly: read('HTTPS_ONLY', false, parseFlag),
    keysIndex: read('KEYS_INDEX', true, parseFlag),
    include: read('INCLUDE', [], parseGlobs),
    exclude: read('EXCLUDE', [], parseGlobs),
  });
  return settings;
}

module.exports = { getSettings };
