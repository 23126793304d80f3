const { getHost } = require('./host');
const { describe, warnOnce } = require('./log');

/**
 * A collection of its own in LibreChat's database. The store that LibreChat keeps bans in
 * (`keyvMongo`, collection `logs`) has neither an index on its key nor, from v0.7.8-rc1 on, anything
 * that removes what has expired: reading it would take longer with every user.
 */
const COLLECTION = 'dynamic_models';
const HOUR = 60 * 60 * 1000;

let indexed = false;

/** @returns {import('mongodb').Collection | undefined} Undefined without a database. */
function getCollection() {
  return getHost()?.getCollection(COLLECTION);
}

/** The database removes what has expired, also after the patch is gone. */
async function ensureIndex(collection) {
  if (indexed) {
    return;
  }
  indexed = true;
  try {
    await collection.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
  } catch (error) {
    warnOnce('store:index', `no expiry index: ${describe(error)}.`);
  }
}

/**
 * @template T
 * @param {(collection: import('mongodb').Collection) => Promise<T>} action
 * @returns {Promise<T | undefined>} Undefined when the database fails: the lists then live in
 *   memory only.
 */
async function attempt(action) {
  try {
    const collection = getCollection();
    return collection ? await action(collection) : undefined;
  } catch (error) {
    warnOnce('store', `the database cannot be used: ${describe(error)}.`, HOUR);
    return undefined;
  }
}

/** @returns {boolean} */
function isAvailable() {
  return Boolean(getCollection());
}

/** @param {string} key @returns {Promise<string | undefined>} */
async function read(key) {
  const document = await attempt((collection) => collection.findOne({ _id: key }));
  return typeof document?.value === 'string' ? document.value : undefined;
}

/**
 * @param {string} key
 * @param {string} value
 * @param {number} ttl - Milliseconds.
 */
async function write(key, value, ttl) {
  const expiresAt = new Date(Date.now() + ttl);
  await attempt(async (collection) => {
    await ensureIndex(collection);
    return collection.updateOne({ _id: key }, { $set: { value, expiresAt } }, { upsert: true });
  });
}

module.exports = { isAvailable, read, write };
