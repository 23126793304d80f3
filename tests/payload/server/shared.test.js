/** The patch `refresh-shared-models`: lists of the system's keys expire and are fetched anew. */
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const assert = require('node:assert/strict');
const { once } = require('node:events');

const FILE = path.join(
  __dirname,
  '../../../patches/refresh-shared-models/files/api/server/services/SharedModels/index.js',
);
const CacheKeys = {
  CONFIG_STORE: 'CONFIG_STORE',
  MODELS_CONFIG: 'MODELS_CONFIG',
  MODEL_QUERIES: 'MODEL_QUERIES',
};
const HOUR = 60 * 60 * 1000;

/** A LibreChat up to v0.8.4 with the patched controller; `models` is what the provider has. */
function makeHost(t, { ttl, Keyv = require('keyv5').Keyv, own = false } = {}) {
  t.mock.method(process, 'emitWarning', () => {});
  const before = process.env.DYNAMIC_MODELS_SHARED_TTL;
  delete process.env.DYNAMIC_MODELS_SHARED_TTL;
  if (ttl !== undefined) {
    process.env.DYNAMIC_MODELS_SHARED_TTL = ttl;
  }
  t.after(() => {
    delete process.env.DYNAMIC_MODELS_SHARED_TTL;
    Object.assign(process.env, before && { DYNAMIC_MODELS_SHARED_TTL: before });
  });
  const host = { models: ['one'], loads: 0, warnings: [], sets: [] };
  const stores = new Map();
  const getLogStores = (key) => {
    stores.set(key, stores.get(key) ?? new Keyv());
    return stores.get(key);
  };
  const modules = {
    '~/cache': { getLogStores },
    '~/config': { logger: { warn: (message) => host.warnings.push(message) } },
    '~/utils': { extractBaseURL: (url) => url.replace(/\/chat.*/, '') },
    'librechat-data-provider': { CacheKeys },
  };
  const shared = load(modules);
  async function loadModels() {
    const cache = getLogStores(CacheKeys.CONFIG_STORE);
    const cached = await cache.get(CacheKeys.MODELS_CONFIG);
    if (cached) {
      return cached;
    }
    await shared.forgetProviderLists();
    host.loads += 1;
    const lists = await host.fetch();
    const keptFor = shared.sharedModelsTtl();
    host.sets.push(keptFor);
    await cache.set(CacheKeys.MODELS_CONFIG, lists, keptFor);
    return lists;
  }
  host.fetch = async () => ({ LiteLLM: [...host.models] });
  modules['~/server/controllers/ModelController'] = {
    loadModels,
    ...(own && { fetchUserModelsController: () => {} }),
  };
  return Object.assign(host, { shared, getLogStores, loadModels });
}

function load(modules) {
  const module = { exports: {} };
  const find = (name) => {
    if (!(name in modules)) {
      throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
    }
    return modules[name];
  };
  new Function('module', 'require', fs.readFileSync(FILE, 'utf8'))(module, find);
  return module.exports;
}

async function listen(t, host, express) {
  const app = express();
  app.use(express.json());
  const login = (req, res, next) => {
    const role = req.headers['x-role'];
    req.user = role && { id: 'me', role };
    return role ? next() : res.sendStatus(401);
  };
  const router = express.Router();
  router.use('/fetch', login, host.shared.refreshSharedModels);
  router.get('/', login, async (req, res) => res.send(await host.loadModels()));
  if (host.own) {
    router.post('/fetch', login, (req, res) => res.json({ own: true }));
  }
  app.use('/api/models', router);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return async (role, body, method = 'POST') => {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/api/models/fetch`, {
      method,
      headers: { ...(role && { 'x-role': role }), 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
}

for (const [name, ttl, expected] of [
  ['one hour by default', undefined, HOUR],
  ['as configured', '90s', 90_000],
  ['in days', '1.5d', 36 * HOUR],
  ['without end, as LibreChat keeps it', 'never', undefined],
]) {
  test(`a shared list is kept ${name}`, async (t) => {
    const host = makeHost(t, { ttl });
    await host.loadModels();
    assert.deepEqual(host.sets, [expected]);
    assert.deepEqual(host.warnings, []);
  });
}

for (const ttl of ['0s', '-1h', 'soon', '400d', '1', '1h 2h']) {
  test(`the setting ${ttl} is refused with one warning and the default applies`, async (t) => {
    const host = makeHost(t, { ttl });
    assert.equal(host.shared.sharedModelsTtl(), HOUR);
    assert.equal(host.shared.sharedModelsTtl(), HOUR);
    assert.equal(host.warnings.length, 1);
    assert.match(host.warnings[0], /DYNAMIC_MODELS_SHARED_TTL is not valid/);
  });
}

for (const keyv of ['keyv4', 'keyv5']) {
  test(`${keyv} forgets a list when its time is over`, async (t) => {
    t.mock.timers.enable({ apis: ['Date'] });
    const module = require(keyv);
    const host = makeHost(t, { ttl: '10m', Keyv: module.Keyv ?? module });
    await host.loadModels();
    host.models = ['one', 'two'];
    t.mock.timers.tick(9 * 60_000);
    assert.deepEqual(await host.loadModels(), { LiteLLM: ['one'] });
    t.mock.timers.tick(2 * 60_000);
    assert.deepEqual(await host.loadModels(), { LiteLLM: ['one', 'two'] });
  });
}

for (const name of ['express4', 'express5']) {
  test(`${name}: an administrator's POST has the lists fetched anew`, async (t) => {
    const host = makeHost(t);
    const post = await listen(t, host, require(name));
    await host.loadModels();
    host.models = ['two'];
    const { status, body } = await post('ADMIN', { maxAge: 0 });
    assert.equal(status, 200);
    assert.deepEqual(body.endpoints.LiteLLM.models, ['two']);
    assert.equal(body.endpoints.LiteLLM.source, 'provider');
    assert.ok(Date.parse(body.endpoints.LiteLLM.fetchedAt) > 0);
    assert.deepEqual(await host.loadModels(), { LiteLLM: ['two'] });
  });

  test(`${name}: nobody else refreshes anything`, async (t) => {
    const host = makeHost(t);
    const post = await listen(t, host, require(name));
    await host.loadModels();
    assert.equal((await post(undefined, { maxAge: 0 })).status, 401);
    assert.equal((await post('USER', { maxAge: 0 })).status, 404);
    assert.equal((await post('ADMIN', undefined, 'GET')).status, 404);
    assert.equal(host.loads, 1);
  });

  test(`${name}: with dynamic-models its handler answers, after the refresh`, async (t) => {
    const host = makeHost(t, { own: true });
    host.own = true;
    const post = await listen(t, host, require(name));
    await host.loadModels();
    host.models = ['two'];
    assert.deepEqual((await post('ADMIN', { endpoint: 'LiteLLM' })).body, { own: true });
    assert.deepEqual(await host.loadModels(), { LiteLLM: ['two'] });
    assert.deepEqual((await post('USER', {})).body, { own: true });
    assert.equal(host.loads, 2);
  });

  test(`${name}: a failure is told, and the next request tries again`, async (t) => {
    const host = makeHost(t);
    const post = await listen(t, host, require(name));
    const fetchLists = host.fetch;
    host.fetch = async () => {
      throw new Error('key sk-secret refused');
    };
    const failed = await post('ADMIN');
    assert.equal(failed.status, 502);
    assert.equal(failed.body.error.code, 'provider_error');
    assert.doesNotMatch(JSON.stringify([failed.body, host.warnings]), /sk-secret/);
    host.fetch = fetchLists;
    assert.equal((await post('ADMIN')).status, 200);
  });
}

test('lists younger than maxAge are not fetched again; a minute without a word', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const host = makeHost(t);
  const ask = (body) =>
    host.shared.refreshSharedModels({ method: 'POST', user: { role: 'ADMIN' }, body }, response());
  await host.loadModels();
  await ask({});
  await ask({ maxAge: 30 });
  assert.equal(host.loads, 1);
  t.mock.timers.tick(31_000);
  await ask(undefined);
  assert.equal(host.loads, 1);
  await ask({ maxAge: 30 });
  assert.equal(host.loads, 2);
  await ask({ endpoint: 'LiteLLM' });
  assert.equal(host.loads, 3);
});

test('asked many times at once, the providers are asked once', async (t) => {
  const host = makeHost(t);
  const req = { method: 'POST', user: { role: 'ADMIN' }, body: { maxAge: 0 } };
  await Promise.all(
    Array.from({ length: 20 }, () => host.shared.refreshSharedModels(req, response())),
  );
  assert.equal(host.loads, 1);
});

test('lists that LibreChat keeps a second time are forgotten before it loads', async (t) => {
  const host = makeHost(t);
  process.env.OPENAI_REVERSE_PROXY = 'https://proxy.example/v1/chat/completions';
  t.after(() => delete process.env.OPENAI_REVERSE_PROXY);
  const queries = host.getLogStores(CacheKeys.MODEL_QUERIES);
  const urls = [
    'https://api.openai.com/v1',
    'https://api.anthropic.com/v1',
    'https://proxy.example/v1',
  ];
  await Promise.all([...urls, 'of something else'].map((url) => queries.set(url, ['old'])));
  await host.loadModels();
  assert.deepEqual(
    await Promise.all(urls.map((url) => queries.get(url))),
    Array(3).fill(undefined),
  );
  assert.deepEqual(await queries.get('of something else'), ['old']);
});

test('without the second cache LibreChat loads as before, with one warning', async () => {
  const warnings = [];
  const logger = { warn: (message) => warnings.push(message) };
  const shared = load({ '@librechat/data-schemas': { logger } });
  await shared.forgetProviderLists();
  assert.deepEqual(warnings, [
    '[SharedModels] the lists of built-in providers may be old: MODULE_NOT_FOUND.',
  ]);
});

function response() {
  return { status: () => ({ json: () => {} }), json: () => {} };
}
