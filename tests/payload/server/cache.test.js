const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { settle, waitFor } = require('./lib/wait');

const { SECOND, MINUTE, HOUR, DAY } = TIMES;

async function withList(t, options) {
  const world = await makeWorld(t, options);
  const key = world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  await chat.shown('alice');
  return { world, chat, key, calls: world.provider.calls };
}

test('twenty requests in a row are one provider call', async (t) => {
  const { chat, calls } = await withList(t);
  for (let i = 1; i < 20; i++) {
    assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  }
  assert.equal(calls.length, 1);
});

test('a list survives a restart', async (t) => {
  const { world, calls } = await withList(t);
  world.provider.fail(500);
  const restarted = startLibreChat(world);
  assert.deepEqual(await restarted.shown('alice'), ['alice-1']);
  assert.equal(await restarted.chat('alice', 'alice-1'), true);
  assert.equal(calls.length, 1);
});

test('fifty users asking two processes on one database are fifty provider calls', async (t) => {
  const world = await makeWorld(t);
  const processes = [startLibreChat(world), startLibreChat(world)];
  const users = Array.from({ length: 50 }, (_, i) => `user-${i}`);
  users.forEach((user) => world.giveKey(user, [`${user}-model`]));
  for (const chat of processes) {
    const lists = await Promise.all(users.map((user) => chat.shown(user)));
    assert.deepEqual(
      lists,
      users.map((user) => [`${user}-model`]),
    );
  }
  assert.equal(world.provider.calls.length, 50);
});

test('up to an hour a list is used as it is', async (t) => {
  const { world, chat, calls } = await withList(t);
  world.advance(HOUR - SECOND);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  await settle();
  assert.equal(calls.length, 1);
});

test('older than an hour it is answered at once and refreshed behind the answer', async (t) => {
  const { world, chat, key, calls } = await withList(t);
  world.provider.models.set(key, ['alice-2']);
  world.advance(HOUR + SECOND);
  const release = world.provider.hold();
  assert.deepEqual(await chat.shown('alice'), ['alice-1'], 'not waiting for the provider');
  release();
  await waitFor(() => world.documents().some(({ value }) => value.includes('alice-2')));
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
  assert.equal(calls.length, 2);
});

test('a refresh behind the answer that fails is not repeated for thirty seconds', async (t) => {
  const { world, chat, calls } = await withList(t);
  world.provider.fail(500);
  world.advance(HOUR + SECOND);
  await chat.shown('alice');
  await waitFor(() => world.logs.some(({ text }) => text.includes('provider_error')));
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  assert.equal(calls.length, 2);
  world.advance(31 * SECOND);
  await chat.shown('alice');
  await waitFor(() => calls.length === 3);
});

test('a provider that stays down is one warning an hour', async (t) => {
  const { world, chat } = await withList(t);
  world.provider.fail(500);
  const warnings = () => world.logs.filter(({ level }) => level === 'warn').length;
  for (let i = 0; i < 3; i++) {
    world.advance(DAY + MINUTE);
    await chat.shown('alice');
    world.advance(MINUTE);
    await chat.shown('alice');
    assert.equal(warnings(), i + 1);
  }
});

test('older than a day the provider is asked first', async (t) => {
  const { world, chat, key } = await withList(t);
  world.provider.models.set(key, ['alice-2']);
  world.advance(DAY + SECOND);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
});

test('for seven days the last good list stands in for a failing provider', async (t) => {
  const { world, chat } = await withList(t);
  world.provider.fail(500);
  world.advance(7 * DAY - MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  assert.equal(await chat.chat('alice', 'alice-1'), true);
  world.advance(2 * MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

test('a replaced key is a miss at the next request', async (t) => {
  const { world, chat } = await withList(t);
  world.giveKey('alice', ['alice-new']);
  assert.deepEqual(await chat.shown('alice'), ['alice-new']);
  assert.equal(await chat.chat('alice', 'alice-1'), false);
});

test('a replaced URL is a miss at the next request', async (t) => {
  const { world, chat, calls } = await withList(t);
  world.config.endpoints.custom = [
    customEndpoint(world.provider, { baseURL: `${world.provider.url}/other` }),
  ];
  await chat.shown('alice');
  assert.deepEqual(
    calls.map(({ path }) => path),
    ['/v1/models', '/v1/other/models'],
  );
});

test('without a database lists are kept in the process for the whole time', async (t) => {
  const { world, chat, calls } = await withList(t, { database: false });
  world.advance(HOUR - MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  assert.equal(calls.length, 1);
  world.provider.fail(500);
  world.advance(6 * DAY);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
});

test('a database that fails costs a warning and nothing else', async (t) => {
  const fail = async () => {
    throw Object.assign(new Error('down'), { code: 'ECONNRESET' });
  };
  const broken = { findOne: fail, updateOne: fail, createIndex: fail };
  const mongoose = { connection: { readyState: 1, db: { collection: () => broken } } };
  const { world, chat, calls } = await withList(t, { database: mongoose });
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  assert.equal(calls.length, 1);
  assert.equal(world.logs.filter(({ level }) => level === 'warn').length, 2);
});

test('a process sees what another has stored after a minute', async (t) => {
  const { world, chat, key, calls } = await withList(t);
  const other = startLibreChat(world);
  await other.listen(t);
  world.provider.models.set(key, ['alice-1', 'alice-2']);
  await other.post('alice', { endpoint: 'LiteLLM' });
  world.advance(MINUTE + SECOND);
  assert.deepEqual(await chat.shown('alice'), ['alice-1', 'alice-2']);
  assert.equal(calls.length, 2);
});

test('lists are stored for as long as they can be used, and the database removes them', async (t) => {
  const { world } = await withList(t);
  const [document] = world.documents();
  const days = (document.expiresAt.getTime() - Date.now()) / DAY;
  assert.ok(days > 6.99 && days <= 7, `${days} days`);
  const { indexes } = world.mongoose.collections.get('dynamic_models');
  assert.deepEqual(indexes, [{ fields: { expiresAt: 1 }, options: { expireAfterSeconds: 0 } }]);
});

test('what is stored names the user and the endpoint, not the key or the URL', async (t) => {
  const { world } = await withList(t, {
    endpoints: (provider) => [customEndpoint(provider, { name: 'My LiteLLM/1' })],
  });
  world.giveKey('alice', ['alice-1'], { endpoint: 'My LiteLLM/1' });
  await startLibreChat(world).shown('alice', 'My LiteLLM/1');
  const [document] = world.documents();
  assert.equal(document._id, '/alice/My%20LiteLLM%2F1');
  assert.ok(!JSON.stringify(document).includes('127.0.0.1'));
});

test('equal keys of two users do not look equal in the database', async (t) => {
  const { world, chat, key } = await withList(t);
  world.saveKey('bob', { apiKey: key, baseURL: '' });
  await chat.shown('bob');
  const hashes = world.documents().map(({ value }) => JSON.parse(value).hash);
  assert.equal(new Set(hashes).size, 2);
});

test('with another CREDS_KEY stored lists are not recognised', async (t) => {
  const { world, calls } = await withList(t);
  process.env.CREDS_KEY = 'b'.repeat(64);
  await startLibreChat(world).shown('alice');
  assert.equal(calls.length, 2);
});

test('a damaged entry is a miss', async (t) => {
  const { world, calls } = await withList(t);
  const { hash, fetchedAt } = JSON.parse(world.documents()[0].value);
  const damaged = [
    '{',
    '[]',
    'null',
    '{"models":7}',
    null,
    7,
    JSON.stringify({ models: 'alice-1', fetchedAt, hash }),
    JSON.stringify({ models: ['old'], hash }),
    JSON.stringify({ models: ['old'], fetchedAt: `${fetchedAt}`, hash }),
    JSON.stringify({ models: ['old'], fetchedAt: null, hash }),
  ];
  for (const value of damaged) {
    world.documents()[0].value = value;
    assert.deepEqual(await startLibreChat(world).shown('alice'), ['alice-1']);
  }
  assert.equal(calls.length, 1 + damaged.length);
});

test('a refusal is stored before it is answered', async (t) => {
  const { world, chat } = await withList(t);
  const collection = world.mongoose.collections.get('dynamic_models');
  const { updateOne } = collection;
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let isStoring = false;
  collection.updateOne = async (...args) => {
    isStoring = true;
    await held;
    return updateOne.apply(collection, args);
  };
  world.provider.fail(401);
  world.advance(DAY + SECOND);
  let isAnswered = false;
  const answer = chat.shown('alice').then(() => (isAnswered = true));
  await waitFor(() => isStoring);
  await settle();
  assert.equal(isAnswered, false);
  release();
  await answer;
  assert.ok(world.documents()[0].value.includes('"refused":true'));
});
