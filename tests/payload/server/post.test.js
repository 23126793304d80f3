const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { waitFor } = require('./lib/wait');

const { SECOND, MINUTE, HOUR } = TIMES;

async function listening(t, options, express) {
  const world = await makeWorld(t, options);
  const chat = startLibreChat(world);
  await chat.listen(t, express);
  return { world, chat, calls: world.provider.calls };
}

for (const version of ['express4', 'express5']) {
  test(`${version}: without a body all endpoints with a key are answered`, async (t) => {
    const { world, chat } = await listening(t, {}, require(version));
    world.giveKey('alice', ['alice-1']);
    const { status, body } = await chat.post('alice');
    assert.equal(status, 200);
    const { fetchedAt, ...rest } = body.endpoints.LiteLLM;
    assert.deepEqual(rest, { models: ['alice-1'], source: 'provider' });
    assert.ok(Math.abs(new Date(fetchedAt) - Date.now()) < MINUTE);
  });

  test(`${version}: an unexpected error is a coded 500 that quotes nothing`, async (t) => {
    const { world, chat } = await listening(t, {}, require(version));
    world.config = { endpoints: { custom: [{ ...customEndpoint(), name: 7 }] } };
    const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
    assert.equal(status, 500);
    assert.deepEqual(body, {
      error: { code: 'internal_error', message: 'The models could not be loaded.' },
    });
  });

  test(`${version}: who is not logged in gets 401`, async (t) => {
    const { chat } = await listening(t, {}, require(version));
    assert.equal((await chat.post(undefined, {})).status, 401);
  });
}

test('one endpoint: the list, its source, its time, under the configured name', async (t) => {
  const { world, chat } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  const { status, body } = await chat.post('alice', { endpoint: 'litellm' });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ['endpoint', 'models', 'source', 'fetchedAt']);
  assert.equal(body.endpoint, 'LiteLLM');
  assert.deepEqual(body.models, ['alice-1']);
  assert.equal(body.source, 'provider');
});

test('one endpoint with maxAge: a list that young comes from the cache', async (t) => {
  const { world, chat, calls } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  await chat.post('alice', { endpoint: 'LiteLLM' });
  world.advance(MINUTE);
  assert.equal(
    (await chat.post('alice', { endpoint: 'LiteLLM', maxAge: 90 })).body.source,
    'cache',
  );
  assert.equal(calls.length, 1);
  const second = await chat.post('alice', { endpoint: 'LiteLLM', maxAge: 30 });
  assert.equal(second.body.source, 'provider');
  assert.equal(calls.length, 2);
});

test('no maxAge makes a list of yesterday good enough', async (t) => {
  const { world, chat } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  await chat.get('alice');
  world.advance(25 * HOUR);
  const { body } = await chat.post('alice', { endpoint: 'LiteLLM', maxAge: 1e9 });
  assert.equal(body.source, 'provider');
});

test('all endpoints: a minute old is young enough unless asked otherwise', async (t) => {
  const { world, chat, calls } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  await chat.get('alice');
  world.advance(59 * SECOND);
  assert.equal((await chat.post('alice', {})).body.endpoints.LiteLLM.source, 'cache');
  assert.equal((await chat.post('alice', { maxAge: 0 })).body.endpoints.LiteLLM.source, 'provider');
  world.advance(61 * SECOND);
  assert.equal((await chat.post('alice', {})).body.endpoints.LiteLLM.source, 'provider');
  assert.equal(calls.length, 3);
});

test('all endpoints: those without a key are left out, failures are told apart', async (t) => {
  const names = ['Good', 'NoKey', 'Expired', 'Wrong', 'Fixed'];
  const { world, chat } = await listening(t, {
    endpoints: (provider) =>
      names.map((name) =>
        customEndpoint(provider, {
          name,
          models: { default: ['default-model'], fetch: name !== 'Fixed' },
        }),
      ),
  });
  world.giveKey('alice', ['alice-1'], { endpoint: 'Good' });
  world.giveKey('alice', ['x'], { endpoint: 'Expired', expiresAt: new Date(Date.now() - HOUR) });
  world.saveKey('alice', { apiKey: world.newKey('wrong') }, { endpoint: 'Wrong' });
  const { status, body } = await chat.post('alice', {});
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body.endpoints), ['Good', 'Expired', 'Wrong']);
  assert.equal(body.endpoints.Good.source, 'provider');
  for (const [name, code] of [
    ['Expired', 'expired_user_key'],
    ['Wrong', 'provider_unauthorized'],
  ]) {
    const { models, source, fetchedAt, error } = body.endpoints[name];
    assert.deepEqual([models, source, fetchedAt], [['default-model'], 'default', null]);
    assert.equal(error.code, code);
  }
});

test('a provider failure with a last good list is 200, stale, with the error', async (t) => {
  const { world, chat } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  await chat.get('alice');
  world.provider.fail(500);
  const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.equal(status, 200);
  assert.deepEqual(body.models, ['alice-1']);
  assert.equal(body.source, 'stale');
  assert.equal(body.error.code, 'provider_error');
  world.advance(31 * SECOND);
  const all = await chat.post('alice', { maxAge: 1 });
  assert.equal(all.body.endpoints.LiteLLM.source, 'stale');
});

test('a refused key with a last list is 502: the old list is not shown', async (t) => {
  const { world, chat } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  await chat.get('alice');
  world.provider.models.clear();
  const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.equal(status, 502);
  assert.equal(body.error.code, 'provider_unauthorized');
});

test('a refresh that was asked for does not wait for a cool-down', async (t) => {
  const { world, chat } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  world.provider.fail(500);
  await chat.get('alice');
  world.provider.recover();
  const { body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual([body.models, body.source], [['alice-1'], 'provider']);
  assert.deepEqual((await chat.get('alice')).body.LiteLLM, ['alice-1']);
});

test('a refresh that succeeds ends the cool-down', async (t) => {
  const { world, chat } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  world.provider.fail(500);
  await chat.get('alice');
  world.provider.recover();
  await chat.post('alice', { endpoint: 'LiteLLM' });
  world.advance(2 * SECOND);
  const { body } = await chat.post('alice', { maxAge: 1 });
  assert.equal(body.endpoints.LiteLLM.source, 'provider');
});

test('a last list older than DYNAMIC_MODELS_STALE_IF_ERROR does not stand in', async (t) => {
  const env = { DYNAMIC_MODELS_TTL: '4h', DYNAMIC_MODELS_STALE_IF_ERROR: '1h' };
  const { world, chat } = await listening(t, { env });
  world.giveKey('alice', ['alice-1']);
  await chat.get('alice');
  world.provider.fail(500);
  world.advance(2 * HOUR);
  assert.equal((await chat.post('alice', { endpoint: 'LiteLLM' })).status, 502);
});

test('when filters leave nothing the defaults are answered', async (t) => {
  const { world, chat } = await listening(t, { env: { DYNAMIC_MODELS_INCLUDE: 'none' } });
  world.giveKey('alice', ['alice-1']);
  const { body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual(body.models, ['default-model']);
});

test('refreshes within five seconds share one result', async (t) => {
  const { world, chat, calls } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  const ask = () => chat.post('alice', { endpoint: 'LiteLLM' });
  await Promise.all([ask(), ask(), ask()]);
  world.advance(4 * SECOND);
  await ask();
  assert.equal(calls.length, 1);
  world.advance(2 * SECOND);
  await ask();
  assert.equal(calls.length, 2);
});

test('refreshes within five seconds share a failure, and never an empty list', async (t) => {
  const { world, chat, calls } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  world.provider.fail(500);
  for (let i = 0; i < 3; i++) {
    const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
    assert.deepEqual([status, body.error.code], [502, 'provider_error']);
  }
  assert.equal(calls.length, 1);
});

test('a new key within five seconds is another question', async (t) => {
  const { world, chat, calls } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  await chat.post('alice', { endpoint: 'LiteLLM' });
  world.giveKey('alice', ['alice-2']);
  const { body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual(body.models, ['alice-2']);
  assert.equal(calls.length, 2);
});

test('a refresh joins a call that is on its way', async (t) => {
  const { world, chat, calls } = await listening(t);
  world.giveKey('alice', ['alice-1']);
  const release = world.provider.hold();
  const listing = chat.get('alice');
  await waitFor(() => calls.length === 1);
  const refresh = chat.post('alice', { endpoint: 'LiteLLM' });
  await waitFor(() => world.keyReads === 2);
  release();
  assert.deepEqual((await refresh).body.models, ['alice-1']);
  await listing;
  assert.equal(calls.length, 1);
});
