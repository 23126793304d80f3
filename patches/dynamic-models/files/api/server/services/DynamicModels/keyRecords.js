const { BoundedMap } = require('./memory');
const { isExpired, readUserKey } = require('./userKey');

const KEEP = 60 * 60 * 1000;
const FIELDS = { value: 1, expiresAt: 1 };

/**
 * A stored key as it lies in the database.
 * @typedef {Object} KeyRecord
 * @property {unknown} _id
 * @property {string} value - Encrypted.
 * @property {Date | null} [expiresAt]
 */

/**
 * What was worked out from a stored key, without the key.
 * @typedef {{ record: KeyRecord, baseURL: string | undefined, hash: string }} Known
 */

/**
 * By user, and by the name of the endpoint.
 * @type {BoundedMap<Map<string, Known>>}
 */
const known = new BoundedMap({ maxEntries: 20000 });

/** @param {KeyRecord | null} a @param {KeyRecord} b */
function isSame(a, b) {
  return Boolean(a) && a.value === b.value && a.expiresAt?.getTime() === b.expiresAt?.getTime();
}

/** @returns {Promise<KeyRecord | null>} */
async function findRecord(host, { userId, name }) {
  return host.getModel('Key')?.findOne({ userId, name }, FIELDS).lean() ?? null;
}

/** @returns {Promise<KeyRecord | null>} */
async function getRecord(host, _id) {
  return host.getModel('Key')?.collection.findOne({ _id }, { projection: FIELDS }) ?? null;
}

/**
 * Looks for the records that this user's requests have needed, while the configuration, which tells
 * whether this one does, is still being read.
 * @param {import('./host').Host} host
 * @param {string} user
 * @returns {Map<string, Promise<KeyRecord | null>>} By the name of the endpoint; null also when the
 *   database fails.
 */
function lookAhead(host, user) {
  const all = [...(known.get(user) ?? [])];
  const look = ({ record }) => getRecord(host, record._id).catch(() => null);
  return new Map(all.map(([name, last]) => [name, look(last)]));
}

/**
 * The hash of the user's present key when nothing has happened to it since it was worked out. That
 * takes one look at the database, by primary key: LibreChat has no index on whose a key is, and
 * reads it twice to tell key and expiry.
 * @param {{ user: string, name: string, baseURL: string | undefined,
 *   ahead: Map<string, Promise<KeyRecord | null>> }} question - `ahead` are the looks of this
 *   request.
 * @returns {Promise<string | undefined>}
 */
async function recallHash({ user, name, baseURL, ahead }) {
  const record = await ahead.get(name);
  const last = known.get(user)?.get(name);
  if (!record || !last || last.baseURL !== baseURL) {
    return undefined;
  }
  return isSame(record, last.record) && !isExpired(record.expiresAt) ? last.hash : undefined;
}

/**
 * Works out the hash once more, between two looks at the record: only when all agree is it certain
 * that hash and record belong together.
 * @param {import('./host').Host} host
 * @param {{ user: string, owner: { name: string }, baseURL: string | undefined, hash: string,
 *   hashOf: (key: import('./userKey').UserKey) => string }} question
 */
async function learnHash(host, { user, owner, baseURL, hash, hashOf }) {
  const record = await findRecord(host, owner);
  if (!record) {
    return;
  }
  const key = await readUserKey(host, owner);
  if (hashOf(key) === hash && isSame(await getRecord(host, record._id), record)) {
    const others = known.get(user) ?? [];
    known.set(user, new Map([...others, [owner.name, { record, baseURL, hash }]]), KEEP);
  }
}

module.exports = { learnHash, lookAhead, recallHash };
