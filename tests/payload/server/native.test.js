const test = require('node:test');
const assert = require('node:assert/strict');
const { customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const OWNER = { userId: 'alice', name: 'LiteLLM' };
const STORED = { apiKey: 'stored' };

async function wrapped(t, changes, options) {
  const world = await makeWorld(t, { era: 'E7', ...options });
  const reads = [];
  const getUserKeyValues = async (owner) => {
    reads.push(owner);
    return STORED;
  };
  return { reads, read: world.start(changes).skipUserKeys(getUserKeyValues) };
}

test('LibreChat finds no key where the models come from here, and reads none', async (t) => {
  const { reads, read } = await wrapped(t);
  assert.equal(await read(OWNER), null);
  assert.deepEqual(reads, []);
});

for (const [what, change] of [
  ['without a user', { userId: undefined }],
  ['without a name', { name: undefined }],
  ['of Ollama', { name: 'Ollama' }],
]) {
  test(`a key ${what} is LibreChat’s`, async (t) => {
    const { reads, read } = await wrapped(t);
    const owner = { ...OWNER, ...change };
    assert.equal(await read(owner), STORED);
    assert.equal(reads[0], owner);
  });
}

test('a read without parameters, and one that fails, are LibreChat’s', async (t) => {
  const world = await makeWorld(t, { era: 'E7' });
  const failure = new Error('no_user_key');
  const read = world.start().skipUserKeys(async () => {
    throw failure;
  });
  await assert.rejects(read(), failure);
});

test('with a host that lacks something every key is LibreChat’s', async (t) => {
  const { read } = await wrapped(t, { '~/models': { getUserKeyValues: async () => ({}) } });
  assert.equal(await read(OWNER), STORED);
});

test('switched off, every key is LibreChat’s', async (t) => {
  const { read } = await wrapped(t, {}, { env: { DYNAMIC_MODELS_ENABLED: 'false' } });
  assert.equal(await read(OWNER), STORED);
});

test('switched off, LibreChat fetches by itself', async (t) => {
  const world = await makeWorld(t, { era: 'E7', env: { DYNAMIC_MODELS_ENABLED: 'false' } });
  world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.shown('alice'), ['natively-fetched']);
  assert.equal(chat.nativeFetches.length, 1);
});

test('an Ollama endpoint with user keys keeps its native list', async (t) => {
  const world = await makeWorld(t, {
    era: 'E7',
    endpoints: (p) => [customEndpoint(p, { name: 'ollama' })],
  });
  world.giveKey('alice', ['x'], { endpoint: 'ollama' });
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.shown('alice', 'ollama'), ['natively-fetched']);
  assert.equal(world.provider.calls.length, 0);
});
