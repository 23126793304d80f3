const crypto = require('crypto');
const { BoundedMap } = require('./memory');
const { ModelsError } = require('./errors');
const { describe, warnOnce } = require('./log');
const { ensureIndex, forgetUser } = require('./cache');
const { getHost } = require('./host');
const { getSettings } = require('./settings');
const { isOllama } = require('./endpoints');
const { isPossibleURL } = require('./urls');
const { MAX_VALUE_LENGTH } = require('./storedKeys');

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;
/** How long other processes may answer from what they have seen of a user's keys. */
const KEEP_SEEN = 3 * SECOND;
/** What encryption makes of a value, in hexadecimal. */
const MAX_STORED_LENGTH = 4 * MAX_VALUE_LENGTH;

/** Made once: most users have no key for most endpoints, and a stack takes 20 microseconds. */
const NO_KEY = new ModelsError('no_user_key');

/**
 * What is kept of a key as it lies in the database.
 * @typedef {Object} Seen
 * @property {string} digest - Of the encrypted value and its end; empty when it is too long.
 * @property {Date | null | undefined} expiresAt
 */

/**
 * What the users' keys looked like a moment ago, by user. Nothing is kept unless this process hears
 * of every change that it makes itself.
 * @type {BoundedMap<{ topic: string, answer: Promise<Map<string, Seen> | null> }>}
 */
const seen = new BoundedMap({ maxEntries: 5000 });
let isHearing = false;

/**
 * What was worked out from a key, without the key, by user and endpoint.
 * @type {BoundedMap<{ digest: string, baseURL: string | undefined, hash: string }>}
 */
const learnt = new BoundedMap({ maxEntries: 20000 });

const ownerOf = (userId, name) => `${userId}\n${name}`;

/** @param {{ value: string, expiresAt?: Date | null }} record @returns {Seen} */
function look({ value, expiresAt }) {
  const isLong = String(value).length > MAX_STORED_LENGTH;
  const content = JSON.stringify([value, expiresAt]);
  const digest = isLong ? '' : crypto.createHash('sha256').update(content).digest('base64');
  return { digest, expiresAt };
}

/**
 * @returns {Promise<Map<string, Seen> | null>} By endpoint; null where LibreChat's model of keys is
 *   not to be had or the database fails: then each key is read by itself.
 */
async function query(host, userId, names) {
  try {
    const keys = host.getModel('Key');
    if (!keys) {
      return null;
    }
    indexOwners(keys);
    const fields = { name: 1, value: 1, expiresAt: 1 };
    const records = await keys.find({ userId, name: { $in: names } }, fields).lean();
    // Of two with one name LibreChat takes the first.
    return new Map(records.reverse().map((record) => [record.name, look(record)]));
  } catch (error) {
    warnOnce('keys', `stored keys are read one by one: ${describe(error)}.`, HOUR);
    return null;
  }
}

/**
 * LibreChat has no index on whose a key is, so that each look reads the keys of all users. An index
 * of the usual name is what LibreChat would make itself, and does no harm when the patch is gone.
 */
function indexOwners(keys) {
  if (getSettings().keysIndex && keys.collection) {
    ensureIndex(keys.collection, { userId: 1 }, {}).catch(() => undefined);
  }
}

/**
 * Looks at all stored keys of a user that matter here, at once: LibreChat reads each of them twice,
 * once for the key and once for its end.
 * @param {import('./host').Host} host
 * @param {string} userId
 * @param {string[]} names - Of the endpoints.
 * @returns {Promise<Map<string, Seen> | null>}
 */
function lookAtKeys(host, userId, names) {
  const topic = names.join('\n');
  const recent = seen.get(userId);
  if (recent?.topic === topic) {
    return recent.answer;
  }
  const answer = names.length > 0 ? query(host, userId, names) : Promise.resolve(new Map());
  if (isHearing) {
    // Kept from the moment the look begins: a change that comes in between forgets it.
    seen.set(userId, { topic, answer }, KEEP_SEEN);
  }
  return answer;
}

/**
 * @param {{ userId: string, name: string, baseURL: string | undefined, digest: string }} question
 * @returns {string | undefined} The hash that was learnt for this very key and URL.
 */
function recallHash({ userId, name, baseURL, digest }) {
  const known = learnt.get(ownerOf(userId, name));
  return known?.digest === digest && known.baseURL === baseURL ? known.hash : undefined;
}

/**
 * Keeps the hash of a key that was read after it was seen. Only when it looks the same once more is
 * it certain that hash and digest belong together.
 * @param {import('./host').Host} host
 * @param {{ userId: string, name: string, baseURL: string | undefined, digest: string }} question
 * @param {string} hash
 */
async function learnHash(host, { userId, name, baseURL, digest }, hash) {
  const now = await query(host, userId, [name]);
  if (now?.get(name)?.digest === digest) {
    learnt.set(ownerOf(userId, name), { digest, baseURL, hash }, HOUR);
  }
}

/**
 * The database removes expired keys with a delay of up to a minute, hence the comparison. The
 * word `never` (v0.7.4 on) is no date and compares false.
 */
function isExpired(expiresAt) {
  return new Date(expiresAt ?? NaN).getTime() <= Date.now();
}

/**
 * @param {Map<string, Seen> | null} keys - As seen for this request.
 * @param {string} name
 * @returns {Seen | null} Null when nobody could look; throws what the look tells already.
 */
function present(keys, name) {
  if (keys === null) {
    return null;
  }
  const key = keys.get(name);
  if (!key) {
    throw NO_KEY;
  }
  if (isExpired(key.expiresAt)) {
    throw new ModelsError('expired_user_key');
  }
  if (key.digest === '') {
    throw new ModelsError('invalid_user_key', 'The stored key is too long.');
  }
  return key;
}

/** What nobody could look at, or what is gone, is asked of LibreChat's own function. */
async function assertPresent(host, owner) {
  const expiry = await host.getUserKeyExpiry(owner).catch(() => {
    throw new ModelsError('internal_error');
  });
  const expiresAt = expiry?.expiresAt;
  if (expiresAt === null || expiresAt === undefined) {
    throw new ModelsError('no_user_key');
  }
  if (isExpired(expiresAt)) {
    throw new ModelsError('expired_user_key');
  }
}

/**
 * A key may be revoked, and be saved again, between a look at it and this: so what cannot be read is
 * looked for, and read once more.
 * @param {import('./host').Host} host
 * @param {{ userId: string, name: string }} owner
 * @returns {Promise<string>}
 */
async function readStored(host, owner) {
  try {
    return await host.getUserKey(owner);
  } catch {
    await assertPresent(host, owner);
    return host.getUserKey(owner);
  }
}

/**
 * @param {import('./host').Host} host
 * @param {{ userId: string, name: string }} owner
 * @param {{ parse: (value: string) => import('./storedKeys').UserKey, key: Seen | null }} how - With
 *   the key as `present` tells.
 * @returns {Promise<import('./storedKeys').UserKey>} Rejects with no_user_key, expired_user_key, invalid_user_key, or with
 *   internal_error when the database fails.
 */
async function readUserKey(host, owner, { parse, key }) {
  const [value, presence] = await Promise.allSettled([
    readStored(host, owner),
    key ? undefined : assertPresent(host, owner),
  ]);
  if (presence.status === 'rejected') {
    throw presence.reason;
  }
  if (value.status === 'rejected') {
    // There is a key, but it cannot be decrypted: CREDS_KEY has changed.
    throw value.reason instanceof ModelsError ? value.reason : new ModelsError('invalid_user_key');
  }
  return parse(value.value);
}

/**
 * Whether a key that LibreChat's own `loadConfigModels` asks for is one that is used here instead.
 * It asks for those of endpoints with `models.fetch` and a key or URL from the user, in every
 * release that does (v0.8.5-rc1 to v0.8.8-rc1 packages/api/src/endpoints/config/models.ts), and
 * these are the ones that are fetched here, but for Ollama's.
 * @param {{ userId?: string, name?: string }} owner
 * @returns {boolean}
 */
function ownsKey(owner) {
  if (!owner?.userId || !owner.name || isOllama(owner.name)) {
    return false;
  }
  return getSettings().enabled && getHost() !== null;
}

/** @param {string} value @returns {string} Why a stored key cannot be used; empty when it can. */
function fault(value) {
  try {
    return isPossibleURL(JSON.parse(value)?.baseURL) ? '' : 'names an impossible address';
  } catch {
    return 'is no JSON';
  }
}

/**
 * Stands before LibreChat's own `getUserKeyValues`. That writes the message of JSON.parse to the
 * error log (v0.7.9-rc1 on), which quotes the beginning of what could not be parsed. And a chat with
 * a host that no TLS server can have leaves an error in OpenSSL that ends the process at the next
 * decryption, in every release. The user of such a key is told what the user of a malformed one was
 * told before.
 * @param {string} value - A stored key, decrypted.
 */
function refuseUnusable(value) {
  const why = fault(value);
  if (why) {
    warnOnce(why, `a stored key ${why}; its user is asked to save it again.`, HOUR);
    throw new Error(JSON.stringify({ type: 'invalid_user_key' }));
  }
}

/** @param {{ userId?: unknown, all?: boolean }} owner - What LibreChat has just changed. */
async function forget({ userId, all }) {
  seen.delete(String(userId));
  if (all) {
    // All keys go when a user is deleted: what the lists say of the user goes, too.
    await forgetUser(String(userId));
  }
}

/**
 * Calls LibreChat's function and forgets what was known of the keys that it changes, also when it
 * fails half-way.
 * @template {Function} F
 * @param {F} change
 * @returns {F}
 */
function heard(change) {
  return async (owner, ...rest) => {
    try {
      return await change(owner, ...rest);
    } finally {
      await forget(owner ?? {}).catch(() => undefined);
    }
  };
}

/**
 * @template {Record<string, unknown>} T
 * @param {T} methods - LibreChat's exports with the functions for stored keys among them.
 * @returns {T}
 */
function guardUserKeys(methods) {
  const { getUserKey, getUserKeyValues, updateUserKey, deleteUserKey } = methods;
  const reading = [getUserKey, getUserKeyValues].every((method) => typeof method === 'function');
  const changing = [updateUserKey, deleteUserKey].every((method) => typeof method === 'function');
  isHearing ||= changing;
  if (!reading && !changing) {
    return methods;
  }
  return {
    ...methods,
    ...(reading && {
      getUserKeyValues: async (...owner) => {
        refuseUnusable(await getUserKey(...owner));
        return getUserKeyValues(...owner);
      },
    }),
    ...(changing && {
      updateUserKey: heard(updateUserKey),
      deleteUserKey: heard(deleteUserKey),
    }),
  };
}

module.exports = {
  guardUserKeys,
  learnHash,
  lookAtKeys,
  ownsKey,
  present,
  readUserKey,
  recallHash,
};
