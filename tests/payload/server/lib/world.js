const assert = require('assert/strict');
const crypto = require('crypto');
const { ERAS } = require('./eras');
const { FakeKeys, fakeMongoose } = require('./database');
const { loadPayload } = require('./payload');
const { Provider } = require('./provider');

const realNow = Date.now;
const BOUND = [
  ...['getUserKey', 'getUserKeyExpiry', 'getUserKeyValues', 'updateUserKey', 'deleteUserKey'],
  'getLogStores',
];

/** All that a test needs of a LibreChat: users with stored keys, a configuration, a provider, a
 *  database, a clock that can be moved, and a record of everything that was written. */
class World {
  constructor(era, mongoose) {
    this.era = ERAS[era];
    this.mongoose = mongoose;
    this.stored = new Map();
    this.stores = new Map();
    this.secrets = new Set();
    this.written = [];
    this.agents = new Map();
    /** Of each file, before it is loaded. */
    this.changeCode = undefined;
    this.offset = 0;
    this.saved = 0;
    /** Whether the functions that change keys are there to be guarded. */
    this.hasKeyModel = false;
    this.keyReads = 0;
    this.configReads = 0;
    this.logger = Object.fromEntries(
      ['debug', 'info', 'warn', 'error'].map((level) => [
        level,
        (...args) => this.log(level, args),
      ]),
    );
    this.logs = [];
    for (const name of BOUND) {
      this[name] = this[name].bind(this);
    }
    this.getAppConfig = async (options) => {
      this.configReads += 1;
      this.configOptions = options;
      return this.config;
    };
    this.getAgent = async ({ id }) => this.agents.get(id) ?? null;
    this.extractBaseURL = (url) => url.replace(/\/chat\/completions$/, '');
    this.resolveConfigSecret = (value) => value.replace(/^encrypted:/, '');
  }

  log(level, args) {
    this.logs.push({ level, text: args.map(String).join(' ') });
    this.written.push(...args.map((arg) => (arg instanceof Error ? arg.stack : String(arg))));
  }

  /** @returns {string} A key nobody else uses; every trace of it is a failure. */
  newKey(name = 'key') {
    const key = `sk-${name.replace(/\W/g, '')}-${crypto.randomBytes(9).toString('hex')}`;
    this.secrets.add(key);
    return key;
  }

  /** Gives a user a key that the provider knows. */
  giveKey(userId, models, { endpoint = 'LiteLLM', expiresAt = 'never', baseURL = '' } = {}) {
    const key = this.newKey(userId);
    this.provider?.models.set(key, models);
    this.saveKey(userId, { apiKey: key, baseURL }, { endpoint, expiresAt });
    return key;
  }

  /** @param {object | string} value - What the dialog submits, or raw text. */
  saveKey(userId, value, { endpoint = 'LiteLLM', expiresAt = 'never' } = {}) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    this.saved += 1;
    // Encryption begins with something random, so that equal keys do not look equal.
    const encrypted = `${this.saved}:${Buffer.from(text).toString('hex')}`;
    const owner = { userId, name: endpoint };
    this.stored.set(`${userId} ${endpoint}`, { ...owner, value: text, expiresAt, encrypted });
  }

  /** What the collection of keys holds; `never` is no end. */
  keyRecords() {
    return [...this.stored.values()].map(({ userId, name, encrypted: value, expiresAt }) => ({
      userId,
      name,
      value,
      ...(expiresAt !== 'never' && { expiresAt }),
    }));
  }

  async updateUserKey({ userId, name, value, expiresAt }) {
    this.saveKey(userId, value, { endpoint: name, expiresAt: expiresAt ?? 'never' });
  }

  async deleteUserKey({ userId, name, all }) {
    const mine = [...this.stored].filter(([, key]) => key.userId === userId);
    mine
      .filter(([, key]) => all || key.name === name)
      .forEach(([owner]) => this.stored.delete(owner));
  }

  revokeKey(userId, endpoint = 'LiteLLM') {
    this.stored.delete(`${userId} ${endpoint}`);
  }

  async getUserKey({ userId, name }, message = '{"type":"no_user_key"}') {
    this.keyReads += 1;
    const key = this.stored.get(`${userId} ${name}`);
    if (!key) {
      throw new Error(message);
    }
    if (key.value === 'undecryptable') {
      throw new Error('bad decrypt');
    }
    return key.value;
  }

  async getUserKeyExpiry({ userId, name }) {
    return { expiresAt: this.stored.get(`${userId} ${name}`)?.expiresAt ?? null };
  }

  /** As LibreChat does, with its habit of logging what cannot be parsed. */
  async getUserKeyValues(owner) {
    const value = await this.getUserKey(owner);
    try {
      return JSON.parse(value);
    } catch (error) {
      this.logger.error('[getUserKeyValues]', error);
      throw new Error('{"type":"invalid_user_key"}');
    }
  }

  getLogStores(name) {
    if (!this.stores.has(name)) {
      const { Keyv = require(this.era.keyv) } = require(this.era.keyv);
      this.stores.set(name, new Keyv({ namespace: name, ttl: 30 * 60 * 1000 }));
    }
    return this.stores.get(name);
  }

  /** @returns {object} The payload as a process of this LibreChat has it. */
  start(changes = {}) {
    const modules = { ...this.era.modules(this), mongoose: this.mongoose, ...changes };
    const present = Object.entries(modules).filter(([, value]) => value !== undefined);
    return loadPayload(Object.fromEntries(present), this.changeCode);
  }

  /** Moves the clock. */
  advance(milliseconds) {
    this.offset += milliseconds;
    Date.now = () => realNow() + this.offset;
  }

  /** Stops the clock: from now on time passes by `advance` alone. */
  stopClock() {
    const stopped = Date.now() - this.offset;
    this.advance = (milliseconds) => {
      this.offset += milliseconds;
      Date.now = () => stopped + this.offset;
    };
    this.advance(0);
  }

  documents() {
    const collection = this.mongoose?.collections?.get('dynamic_models');
    return [...(collection?.documents.values() ?? [])];
  }

  /** Fails when a key was written anywhere. */
  assertNoSecretWritten() {
    const everything = [...this.written, ...this.documents().map((doc) => JSON.stringify(doc))];
    for (const secret of this.secrets) {
      const traces = everything.filter((text) => text.includes(secret));
      assert.deepEqual(traces, [], 'a key was written');
    }
  }
}

const MINUTE = 60 * 1000;
const TIMES = { SECOND: 1000, MINUTE, HOUR: 60 * MINUTE, DAY: 24 * 60 * MINUTE };

function customEndpoint(provider, changes = {}) {
  return {
    name: 'LiteLLM',
    apiKey: 'user_provided',
    baseURL: provider?.url ?? 'https://provider.example/v1',
    models: { default: ['default-model'], fetch: true },
    ...changes,
  };
}

/**
 * Builds a world for one test and takes it down, checked for written keys, when the test ends.
 * @param {import('node:test').TestContext} t
 * @param {{ era?: string, database?: boolean | object, env?: Record<string, string>,
 *   endpoints?: (provider: Provider) => object[], keyModel?: boolean }} [options] - With `keyModel`
 *   LibreChat's model of keys is to be had, and its functions that change keys are guarded.
 */
async function makeWorld(t, options = {}) {
  const { era = 'E6', database = true, env = {}, endpoints, keyModel } = options;
  const world = new World(era, database === true ? fakeMongoose() : database || undefined);
  if (keyModel) {
    world.hasKeyModel = true;
    world.keys = new FakeKeys(() => world.keyRecords());
    world.mongoose.models = { Key: world.keys };
  }
  world.provider = await Provider.start();
  world.config = {
    endpoints: { custom: endpoints?.(world.provider) ?? [customEndpoint(world.provider)] },
  };
  const before = { ...process.env };
  Object.assign(process.env, { CREDS_KEY: 'a'.repeat(64), ...env });
  t.after(async () => {
    Date.now = realNow;
    process.env = before;
    await world.provider.stop();
    world.assertNoSecretWritten();
  });
  return world;
}

module.exports = { ERAS, TIMES, customEndpoint, makeWorld };
