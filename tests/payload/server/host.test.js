const test = require('node:test');
const assert = require('node:assert/strict');
const { AsyncLocalStorage } = require('node:async_hooks');
const { ERAS, tenants } = require('./lib/eras');
const { TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

test('requiring the module loads nothing of LibreChat and starts nothing', async (t) => {
  const world = await makeWorld(t);
  const payload = world.start();
  assert.deepEqual(payload.outside, []);
  assert.deepEqual([...payload.loaded.keys()], ['index']);
  const { file: _file, loaded: _loaded, outside: _outside, ...exported } = payload;
  assert.deepEqual(Object.keys(exported), [
    'fetchUserModelsController',
    'guardUserKeys',
    'showUserModels',
    'skipUserKeys',
    'withUserModels',
  ]);
});

const INDISPENSABLE = {
  '~/server/services/Config': 'getConfig',
  '~/models': 'getUserKey, getUserKeyExpiry',
  'librechat-data-provider': 'extractEnvVariable',
};

for (const [specifier, names] of Object.entries(INDISPENSABLE)) {
  for (const [how, replacement] of [
    ['missing', undefined],
    ['empty', {}],
  ]) {
    test(`${specifier} ${how}: LibreChat as it is, with one log line`, async (t) => {
      const world = await makeWorld(t, { era: 'E7' });
      world.giveKey('alice', ['alice-1']);
      const chat = startLibreChat(world, { [specifier]: replacement });
      await chat.listen(t);
      for (let i = 0; i < 3; i++) {
        assert.deepEqual((await chat.get('alice')).body.LiteLLM, ['natively-fetched']);
      }
      assert.deepEqual(await chat.accepted('alice'), ['natively-fetched']);
      const { body } = await chat.post('alice', { endpoint: 'LiteLLM' });
      assert.equal(body.error.code, 'fetch_disabled');
      assert.equal(world.logs.length, 1);
      assert.ok(world.logs[0].text.includes(names), world.logs[0].text);
      assert.equal(world.provider.calls.length, 0);
    });
  }
}

for (const era of Object.keys(ERAS)) {
  test(`${era}: everything that is not indispensable may be missing`, async (t) => {
    const world = await makeWorld(t, { era });
    world.giveKey('alice', ['alice-1']);
    const api = world.era.modules(world)['@librechat/api'];
    const options = api?.getAppConfigOptionsFromUser;
    const chat = startLibreChat(world, {
      '~/cache': undefined,
      '~/utils': undefined,
      '~/server/utils': undefined,
      '~/config': undefined,
      mongoose: undefined,
      '@librechat/data-schemas': undefined,
      '@librechat/api': options && { getAppConfigOptionsFromUser: options },
    });
    assert.deepEqual(await chat.shown('alice'), ['alice-1']);
    assert.equal(await chat.chat('alice', 'alice-1'), true);
  });
}

test('a logger with error alone, as some suites mock it, is enough', async (t) => {
  const world = await makeWorld(t);
  const errors = [];
  const logger = { error: (text) => errors.push(text) };
  const chat = startLibreChat(world, {
    '@librechat/data-schemas': { logger },
    '~/models': undefined,
  });
  await chat.shown('alice');
  assert.equal(errors.length, 1);
});

test('a module that throws while it is loaded counts as missing', async (t) => {
  const world = await makeWorld(t);
  const modules = { ...world.era.modules(world) };
  Object.defineProperty(modules, '~/models', {
    enumerable: true,
    get: () => {
      throw new TypeError('createMethods is not a function');
    },
  });
  const { loadPayload } = require('./lib/payload');
  const payload = loadPayload(modules);
  const base = { LiteLLM: ['default-model'] };
  assert.equal(await payload.showUserModels({ user: { id: 'alice' } }, base), base);
});

test('the configuration of the request is preferred, else it is asked for with the user', async (t) => {
  const world = await makeWorld(t, { era: 'E6' });
  world.giveKey('alice', ['alice-1']);
  const payload = world.start();
  const user = { id: 'alice', role: 'USER', tenantId: 'acme' };
  const config = { endpoints: { custom: [] } };
  const base = { LiteLLM: ['default-model'] };
  assert.equal(await payload.showUserModels({ user, config }, base), base);
  await payload.showUserModels({ user }, base);
  assert.deepEqual(world.configOptions, { role: 'USER', userId: 'alice', tenantId: 'acme' });
});

test('a key encrypted in the configuration is resolved as the release does', async (t) => {
  const world = await makeWorld(t, {
    era: 'E7',
    endpoints: (p) => [
      customEndpoint(p, { apiKey: 'encrypted:user_provided' }),
      customEndpoint(p, { name: 'Broken', apiKey: 'undecryptable' }),
    ],
  });
  world.resolveConfigSecret = (value) => {
    if (value === 'undecryptable') {
      throw new Error('cannot decrypt');
    }
    return value.replace(/^encrypted:/, '');
  };
  world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  assert.deepEqual(await chat.shown('alice', 'Broken'), ['default-model']);
});

for (const [era, name, spelled] of [
  ['E1', 'OpenRouter', 'OpenRouter'],
  ['E3', 'OpenRouter', 'OpenRouter'],
]) {
  test(`${era}: the endpoint ${name} is spelled ${spelled}`, async (t) => {
    const world = await makeWorld(t, { era, endpoints: (p) => [customEndpoint(p, { name })] });
    world.giveKey('alice', ['alice-1'], { endpoint: spelled });
    assert.deepEqual(await startLibreChat(world).shown('alice', spelled), ['alice-1']);
  });
}

test('two tenants with a user of the same id have two lists', async (t) => {
  const world = await makeWorld(t, { era: 'E7' });
  const payload = world.start();
  const base = { LiteLLM: ['default-model'] };
  const show = (tenantId) =>
    tenants.run({ tenantId }, () => payload.showUserModels({ user: { id: 'alice' } }, base));
  world.giveKey('alice', ['of-acme']);
  assert.deepEqual((await show('acme')).LiteLLM, ['of-acme']);
  world.giveKey('alice', ['of-globex']);
  assert.deepEqual((await show('globex')).LiteLLM, ['of-globex']);
  const ids = world.documents().map(({ _id }) => _id);
  assert.deepEqual(ids, ['acme/alice/LiteLLM', 'globex/alice/LiteLLM']);
});

test('keys are read inside the request, also for what is refreshed behind its answer', async (t) => {
  const world = await makeWorld(t);
  const context = new AsyncLocalStorage();
  const seen = [];
  const { getUserKey } = world;
  world.getUserKey = (owner) => {
    seen.push(context.getStore());
    return getUserKey(owner);
  };
  world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  await context.run('request 1', () => chat.shown('alice'));
  world.advance(TIMES.HOUR + TIMES.SECOND);
  await context.run('request 2', () => chat.shown('alice'));
  assert.deepEqual(seen, ['request 1', 'request 2']);
});
