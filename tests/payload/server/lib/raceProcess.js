/**
 * One LibreChat process on a real database, stored keys included. It answers each message
 * `{ id, act, owner, …}` with `{ id, value }`. Its clock stands still until it is told to go on.
 * Arguments: the database, the provider, the time.
 */
const crypto = require('crypto');
const mongoose = require('mongoose8');
const { ERAS } = require('./eras');
const { customEndpoint } = require('./world');
const { loadPayload } = require('./payload');

const [, , database, provider, time] = process.argv;
let now = Number(time);
Date.now = () => now;

const { ObjectId } = mongoose.Schema.Types;
const fields = { userId: ObjectId, name: String, value: String, expiresAt: Date };
const Key = mongoose.model('Key', new mongoose.Schema(fields));
let keyReads = 0;

/** As LibreChat's methods do; only the encryption is none. */
const methods = {
  async getUserKey(owner) {
    keyReads += 1;
    const found = await Key.findOne(owner).lean();
    if (!found) {
      throw new Error('{"type":"no_user_key"}');
    }
    return Buffer.from(found.value.split(':')[1], 'hex').toString();
  },
  async getUserKeyExpiry(owner) {
    return { expiresAt: (await Key.findOne(owner).lean()) ? 'never' : null };
  },
  async getUserKeyValues(owner) {
    return JSON.parse(await methods.getUserKey(owner));
  },
  async updateUserKey({ value, ...owner }) {
    const encrypted = `${crypto.randomUUID()}:${Buffer.from(value).toString('hex')}`;
    await Key.findOneAndUpdate(owner, { value: encrypted }, { upsert: true });
  },
  async deleteUserKey(owner) {
    await Key.findOneAndDelete(owner);
  },
};

const log = (...args) => process.send({ written: args.map(String).join(' ') });
const config = { endpoints: { custom: [customEndpoint({ url: provider })] } };
const payload = loadPayload({
  ...ERAS.E6.modules({
    ...methods,
    logger: { debug: log, info: log, warn: log, error: log },
    getAppConfig: async () => config,
  }),
  mongoose,
});
const keys = payload.guardUserKeys(methods);
const base = { LiteLLM: ['default-model'] };
const { getModelsConfig } = payload.withUserModels({ getModelsConfig: async () => base });
const request = (id, body) => ({ user: { id, role: 'USER' }, body });

const ACTS = {
  async save({ owner, key }) {
    const value = JSON.stringify({ apiKey: key, baseURL: '' });
    await keys.updateUserKey({ userId: owner, name: 'LiteLLM', value });
  },
  async revoke({ owner }) {
    await keys.deleteUserKey({ userId: owner, name: 'LiteLLM' });
  },
  async shown({ owner }) {
    return (await payload.showUserModels(request(owner), base)).LiteLLM;
  },
  async accepted({ owner }) {
    return (await getModelsConfig(request(owner, { endpoint: 'LiteLLM', model: 'x' }))).LiteLLM;
  },
  async fetched({ owner }) {
    let answer;
    const res = { set: () => res, status: () => res, json: (body) => (answer = body) };
    await payload.fetchUserModelsController(request(owner, { endpoint: 'LiteLLM' }), res);
    return answer.models ?? answer.error.code;
  },
  async keyReads() {
    return keyReads;
  },
  async advance({ milliseconds }) {
    now += milliseconds;
  },
  async lists() {
    return JSON.stringify(
      await mongoose.connection.db.collection('dynamic_models').find().toArray(),
    );
  },
};

process.on('message', async ({ id, act, ...about }) => {
  try {
    process.send({ id, value: await ACTS[act](about) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
mongoose.connect(database).then(() => process.send({ isReady: true }));
