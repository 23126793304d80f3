const { getLogger } = require('./host');
const { BoundedMap } = require('./memory');

const PREFIX = '[DynamicModels]';
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
    method.call(logger, `${PREFIX} ${text}`);
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

module.exports = { write, warnOnce, describe };
