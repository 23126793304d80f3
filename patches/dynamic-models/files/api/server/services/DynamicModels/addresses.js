const { BlockList, isIP } = require('net');

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

module.exports = { isPrivate, isPublic };
