const dns = require('dns');
const { BlockList, isIP } = require('net');
const { ModelsError } = require('./errors');

/**
 * Which addresses may be asked.
 *
 * LibreChat judges URLs itself from v0.8.5 on, but not before, and not the address that is then
 * connected to; v0.7.x has nothing of the kind.
 */

const DEFAULT_PORTS = { 'http:': '80', 'https:': '443' };
/** Longer ones are no URLs of a provider, and reading them takes long: 100 000 letters that are not
 *  ASCII cost `new URL` three seconds. */
const MAX_URL_LENGTH = 2048;
/** The longest name in DNS. From 256 on OpenSSL refuses it as the name of a TLS server and keeps an
 *  error that the next decryption of a stored key dies of (SIGABRT). */
const MAX_HOST_LENGTH = 253;

/** @param {Array<[string, number, 'ipv4' | 'ipv6']>} subnets */
function blockList(subnets) {
  const list = new BlockList();
  subnets.forEach((subnet) => list.addSubnet(...subnet));
  return list;
}

/** Where plain HTTP stays inside: loopback, RFC 1918, RFC 6598 and unique local addresses. */
const PRIVATE = blockList([
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
]);

/** What else is not a public host, from the IANA special-purpose registries. */
const SPECIAL = blockList([
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
]);

/** All IPv6 addresses handed out for public use so far. */
const GLOBAL_UNICAST = blockList([['2000::', 3, 'ipv6']]);

/** IPv6 forms that carry an IPv4 address to connect to: mapped, and NAT64 as used with DNS64. */
const EMBEDDED = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * @param {string} address - An IP address in any notation.
 * @returns {[string, 'ipv4' | 'ipv6']} The address that is meant, and its family.
 */
function normalize(address) {
  if (isIP(address) === 4) {
    return [address, 'ipv4'];
  }
  const bare = address.split('%')[0];
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const match = EMBEDDED.exec(canonical);
  if (!match) {
    return [canonical, 'ipv6'];
  }
  const [high, low] = [parseInt(match[1], 16), parseInt(match[2], 16)];
  return [[high >> 8, high & 255, low >> 8, low & 255].join('.'), 'ipv4'];
}

/** @param {string} address @returns {boolean} */
function isPrivate(address) {
  return PRIVATE.check(...normalize(address));
}

/** @param {string} address @returns {boolean} */
function isPublic(address) {
  const [value, family] = normalize(address);
  if (PRIVATE.check(value, family) || SPECIAL.check(value, family)) {
    return false;
  }
  return family === 'ipv4' || GLOBAL_UNICAST.check(value, family);
}

/**
 * @typedef {Object} Target
 * @property {URL} url
 * @property {typeof dns.lookup} [lookup] - Refuses the addresses that must not be connected to.
 */

/** @param {string} text @returns {URL} */
function parseURL(text) {
  let url;
  try {
    url = text.length <= MAX_URL_LENGTH ? new URL(text) : undefined;
  } catch {
    url = undefined;
  }
  if (!url || hostOf(url).length > MAX_HOST_LENGTH) {
    throw new ModelsError('blocked_url', 'The base URL is not valid.');
  }
  if (!Object.hasOwn(DEFAULT_PORTS, url.protocol)) {
    throw new ModelsError('blocked_url', 'The base URL is neither https nor http.');
  }
  return url;
}

/**
 * @param {unknown} stored - What a user has stored as a base URL, if anything. A list with an address
 *   in it is that address wherever it is made a text.
 * @returns {boolean} False only for what must not be opened, whoever asks.
 */
function isPossibleURL(stored) {
  try {
    const text = String(stored ?? '');
    return text.length <= MAX_URL_LENGTH && hostOf(new URL(text)).length <= MAX_HOST_LENGTH;
  } catch {
    return true;
  }
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

/** @param {Array<{ address: string }>} addresses @param {(address: string) => boolean} accepts */
function isAccepted(addresses, accepts) {
  try {
    return addresses.length > 0 && addresses.every(({ address }) => accepts(address));
  } catch {
    return false;
  }
}

/**
 * A DNS lookup that fails unless every address passes. The check belongs here, where the address
 * that is connected to is known: a name can resolve differently a moment after it was checked.
 * A name that does not resolve is refused in the same words as one that resolves inside, or users
 * could find out which names exist there. Node calls it with `all: true` (from v20) or without.
 * @param {(address: string) => boolean} accepts
 * @param {() => ModelsError} refusal
 */
function guardedLookup(accepts, refusal) {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error || !isAccepted(addresses, accepts)) {
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
  const refusal = () =>
    new ModelsError('blocked_url', 'The address does not exist, or is not a public one.');
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

module.exports = { MAX_URL_LENGTH, checkURL, isPossibleURL, isPublic };
