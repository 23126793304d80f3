const { describe, warnOnce } = require('./log');

const REFUSALS = new Set(['insecure_url', 'blocked_url']);
const HOUR = 60 * 60 * 1000;

/**
 * @param {string} baseURL
 * @param {boolean} httpsOnly
 * @returns {string} What an administrator would write to allow a URL that was refused.
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
 * one line per process, with what to add to `.env`.
 * @param {import('./settings').Settings} settings
 * @param {import('./endpoints').CustomEndpoint} endpoint
 * @param {import('./userKey').UserKey} key
 * @param {import('./errors').ModelsError} failure
 * @param {unknown} cause
 */
function reportFailure(settings, endpoint, key, failure, cause) {
  const { code, message } = failure;
  const topic = `${endpoint.name}:${code}`;
  const text = `models of "${endpoint.name}" were not fetched: ${code}. ${message}`;
  if (REFUSALS.has(code)) {
    const whose = endpoint.baseURL ? 'The URL is in librechat.yaml.' : 'A user supplied the URL.';
    const what = advice(endpoint.baseURL ?? key.baseURL, settings.httpsOnly);
    return warnOnce(topic, `${text} ${whose}${what}`);
  }
  return warnOnce(topic, code === 'internal_error' ? `${text} (${describe(cause)})` : text, HOUR);
}

module.exports = { reportFailure };
