const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { waitFor } = require('./lib/wait');

const { SECOND, MINUTE, HOUR } = TIMES;
const TIMEOUT = { DYNAMIC_MODELS_TIMEOUT: '250ms' };

async function withKey(t, options) {
  const world = await makeWorld(t, options);
  const key = world.giveKey('alice', ['alice-1']);
  return { world, chat: startLibreChat(world), key, calls: world.provider.calls };
}

test('ten requests at once are one provider call', async (t) => {
  const { world, chat, calls } = await withKey(t);
  const release = world.provider.hold();
  const answers = Array.from({ length: 10 }, () => chat.shown('alice'));
  await waitFor(() => calls.length === 1);
  release();
  assert.deepEqual(await Promise.all(answers), Array(10).fill(['alice-1']));
  assert.equal(calls.length, 1);
});

/** A chat whose first request stays in the middle of reading its key until it is released. */
async function withSlowReader(t) {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1']);
  const read = world.getUserKey;
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let reads = 0;
  world.getUserKey = async (owner) => {
    reads += 1;
    const value = await read(owner);
    await (reads === 1 && held);
    return value;
  };
  const chat = startLibreChat(world);
  const slow = chat.shown('alice');
  await waitFor(() => reads === 1);
  return { world, chat, slow, release };
}

test('a request that is still reading when another has ended takes that one’s list', async (t) => {
  const { world, chat, slow, release } = await withSlowReader(t);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  release();
  assert.deepEqual(await slow, ['alice-1']);
  assert.equal(world.provider.calls.length, 1);
});

test('a list of another key that was stored meanwhile is not taken', async (t) => {
  const { world, chat, slow, release } = await withSlowReader(t);
  world.giveKey('alice', ['alice-2']);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
  release();
  assert.deepEqual(await slow, ['alice-1']);
  assert.equal(world.provider.calls.length, 2);
});

test('200 users with 20 requests each at once: 200 calls, and nobody sees another’s list', async (t) => {
  const world = await makeWorld(t);
  const chat = startLibreChat(world);
  const users = Array.from({ length: 200 }, (_, i) => `user-${i}`);
  users.forEach((user) => world.giveKey(user, [`${user}-model`]));
  const requests = users.flatMap((user) => Array(20).fill(user));
  const lists = await Promise.all(requests.map((user) => chat.shown(user)));
  assert.deepEqual(
    lists,
    requests.map((user) => [`${user}-model`]),
  );
  assert.equal(world.provider.calls.length, 200);
});

for (const [failure, env, code] of [
  ['answers 500', {}, 'provider_error'],
  ['does not answer', TIMEOUT, 'provider_timeout'],
]) {
  test(`a provider that ${failure}: one call in thirty seconds, also with nothing cached`, async (t) => {
    const { world, chat, calls } = await withKey(t, { env });
    world.provider.behave = failure === 'answers 500' ? null : () => undefined;
    if (failure === 'answers 500') {
      world.provider.fail(500);
    }
    for (let i = 0; i < 20; i++) {
      assert.deepEqual(await chat.shown('alice'), ['default-model']);
    }
    assert.equal(calls.length, 1);
    assert.ok(world.logs.some(({ text }) => text.includes(code)));
    world.advance(29 * SECOND);
    await chat.shown('alice');
    assert.equal(calls.length, 1);
    world.advance(2 * SECOND);
    world.provider.recover();
    assert.deepEqual(await chat.shown('alice'), ['alice-1']);
    assert.equal(calls.length, 2);
  });
}

for (const status of [401, 403]) {
  test(`a provider that answers ${status}: one call in five minutes`, async (t) => {
    const { world, chat, calls } = await withKey(t);
    world.provider.fail(status);
    for (let i = 0; i < 20; i++) {
      await chat.shown('alice');
    }
    world.advance(5 * MINUTE - SECOND);
    await chat.shown('alice');
    assert.equal(calls.length, 1);
    world.advance(2 * SECOND);
    await chat.shown('alice');
    assert.equal(calls.length, 2);
  });
}

test('a new key does not wait for the cool-down of the old one', async (t) => {
  const { world, chat } = await withKey(t);
  world.saveKey('alice', { apiKey: world.newKey('wrong') });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  world.giveKey('alice', ['alice-1']);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
});

test('one endpoint’s failure does not hold up another', async (t) => {
  const world = await makeWorld(t, {
    endpoints: (provider) => [
      customEndpoint(provider),
      customEndpoint(provider, { name: 'Second', baseURL: `${provider.url}/second` }),
    ],
  });
  world.giveKey('alice', ['alice-1']);
  world.giveKey('alice', ['alice-2'], { endpoint: 'Second' });
  world.provider.behave = (request, response) => {
    response.writeHead(request.url.includes('second') ? 200 : 500);
    response.end('{"data":[{"id":"alice-2"}]}');
  };
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.deepEqual(await chat.shown('alice', 'Second'), ['alice-2']);
});

test('a model added at the provider 61 seconds ago is accepted, with one call', async (t) => {
  const { world, chat, key, calls } = await withKey(t);
  await chat.shown('alice');
  world.provider.models.set(key, ['alice-1', 'alice-new']);
  world.advance(59 * SECOND);
  assert.equal(await chat.chat('alice', 'alice-new'), false);
  assert.equal(calls.length, 1);
  world.advance(2 * SECOND);
  assert.equal(await chat.chat('alice', 'alice-new'), true);
  assert.equal(calls.length, 2);
});

test('asking for an illegal model asks the provider once a minute at most', async (t) => {
  const { world, chat, calls } = await withKey(t);
  await chat.shown('alice');
  world.advance(MINUTE + SECOND);
  for (let i = 0; i < 5; i++) {
    assert.equal(await chat.chat('alice', 'no-such-model'), false);
  }
  assert.equal(calls.length, 2);
});

test('asking for an illegal model of a failing provider asks it every thirty seconds', async (t) => {
  const { world, chat, calls } = await withKey(t);
  await chat.shown('alice');
  world.provider.fail(500);
  world.advance(MINUTE + SECOND);
  for (let i = 0; i < 5; i++) {
    assert.equal(await chat.chat('alice', 'no-such-model'), false);
  }
  assert.equal(calls.length, 2);
  world.advance(31 * SECOND);
  await chat.chat('alice', 'no-such-model');
  assert.equal(calls.length, 3);
});

test('a model that filters exclude is not worth a call', async (t) => {
  const { world, chat, calls } = await withKey(t, { env: { DYNAMIC_MODELS_EXCLUDE: 'secret*' } });
  await chat.shown('alice');
  world.advance(2 * MINUTE);
  assert.equal(await chat.chat('alice', 'secret-1'), false);
  assert.equal(calls.length, 1);
});

test('a chat in an own model costs no call, also when the list is an hour old', async (t) => {
  const { world, chat, calls } = await withKey(t);
  await chat.shown('alice');
  world.advance(HOUR - SECOND);
  assert.equal(await chat.chat('alice', 'alice-1'), true);
  assert.equal(calls.length, 1);
});

test('one request reads the key once, however often it asks', async (t) => {
  const { world, chat } = await withKey(t);
  const req = chat.request('alice');
  await Promise.all([chat.controllers.getModelsConfig(req), chat.controllers.loadModels(req)]);
  await chat.payload.showUserModels(req, { LiteLLM: [] });
  assert.equal(world.keyReads, 1);
});
