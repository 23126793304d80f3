const dns = require('dns');
const { isIP } = require('net');
const { ModelsError } = require('./errors');
const { isPrivate, isPublic } = require('./addresses');

const DEFAULT_PORTS = { 'http:': '80', 'https:': '443' };

/**
 * @typedef {Object} Target
 * @property {URL} url
 * @property {typeof dns.lookup} [lookup] - Refuses the addresses that must not be connected to.
 */

/** @param {string} text @returns {URL} */
function parseURL(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new ModelsError('blocked_url', 'The base URL is not valid.');
  }
  if (!(url.protocol in DEFAULT_PORTS)) {
    throw new ModelsError('blocked_url', 'The base URL is neither https nor http.');
  }
  return url;
}

/** @param {URL} url @returns {string} The host as an address or name, without brackets. */
function hostOf(url) {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** @param {URL} url */
function portOf(url) {
  return url.port || DEFAULT_PORTS[url.protocol];
}

/**
 * @param {URL} url
 * @param {string[]} entries - `host` or `host:port`; IPv6 addresses in brackets.
 */
function isListed(url, entries) {
  const host = url.hostname.toLowerCase();
  return entries.some((entry) => entry === host || entry === `${host}:${portOf(url)}`);
}

/** @param {unknown} addresses - LibreChat's endpoints.allowedAddresses: `host:port` only. */
function allowedEntries(addresses) {
  return (Array.isArray(addresses) ? addresses : [])
    .filter((entry) => typeof entry === 'string' && /:\d+$/.test(entry))
    .map((entry) => entry.trim().toLowerCase());
}

/**
 * A DNS lookup that fails unless every address passes. The check belongs here, where the address
 * that is connected to is known: a name can resolve differently a moment after it was checked.
 * Node calls it with `all: true` (from v20) or without.
 * @param {(address: string) => boolean} accepts
 * @param {() => ModelsError} refusal
 */
function guardedLookup(accepts, refusal) {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        return callback(error);
      }
      if (addresses.length === 0 || !addresses.every(({ address }) => accepts(address))) {
        return callback(refusal());
      }
      return options.all
        ? callback(null, addresses)
        : callback(null, addresses[0].address, addresses[0].family);
    });
  };
}

/**
 * @param {URL} url - Supplied by a user.
 * @param {string[]} allowed - `address:port` that the administrator allows all the same.
 * @returns {Target}
 */
function guardPublic(url, allowed) {
  const host = hostOf(url);
  const port = portOf(url);
  const accepts = (address) =>
    isPublic(address) ||
    allowed.includes(isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`);
  const refusal = () => new ModelsError('blocked_url');
  // Node does not look up literal addresses. Their decimal, octal and short forms are already
  // resolved by URL.
  if (isIP(host) && !accepts(host)) {
    throw refusal();
  }
  return { url, lookup: guardedLookup(accepts, refusal) };
}

/** Names that do not exist in the public DNS, such as the services of a compose network. */
function isLocalName(host) {
  return !host.includes('.') || host.endsWith('.internal') || host.endsWith('.local');
}

/**
 * Plain HTTP that does not leave the network, judged by what librechat.yaml says: the addresses
 * behind local names are not looked at, because clusters number their services with public ones.
 * @param {URL} url - Over plain HTTP, named by the administrator.
 */
function staysInside(url) {
  const host = hostOf(url);
  return isIP(host) ? isPrivate(host) : isLocalName(host);
}

/**
 * Decides whether a model list may be fetched from a URL, and with which check on connecting.
 * @param {string} text
 * @param {{ fromUser: boolean, settings: import('./settings').Settings, allowedAddresses: unknown }}
 *   options
 * @returns {Target} Throws insecure_url or blocked_url.
 */
function checkURL(text, { fromUser, settings, allowedAddresses }) {
  const url = parseURL(text);
  const plain = url.protocol === 'http:';
  if (plain && settings.httpsOnly) {
    throw new ModelsError('insecure_url');
  }
  const allowed = allowedEntries(allowedAddresses);
  if (isListed(url, settings.allowHttp) || (fromUser && isListed(url, allowed))) {
    return { url };
  }
  if (plain && (fromUser || !staysInside(url))) {
    throw new ModelsError('insecure_url');
  }
  return fromUser ? guardPublic(url, allowed) : { url };
}

module.exports = { checkURL };
