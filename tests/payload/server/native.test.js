const test = require('node:test');
const assert = require('node:assert/strict');
const { customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const USER_FETCH = { name: 'LiteLLM', user: 'alice', apiKey: 'k', skipCache: true };

async function wrapped(t, changes) {
  const world = await makeWorld(t, { era: 'E7' });
  const calls = [];
  const fetchModels = async (params) => {
    calls.push(params);
    return ['native'];
  };
  return { world, calls, fetch: world.start(changes).skipUserFetches(fetchModels) };
}

test('a fetch with a user’s key is answered with nothing', async (t) => {
  const { calls, fetch } = await wrapped(t);
  assert.deepEqual(await fetch(USER_FETCH), []);
  assert.deepEqual(calls, []);
});

for (const [what, change] of [
  ['with the administrator’s key', { skipCache: undefined }],
  ['without a user', { user: undefined }],
  ['without a name', { name: undefined }],
  ['of Ollama', { name: 'Ollama' }],
]) {
  test(`a fetch ${what} is LibreChat’s`, async (t) => {
    const { calls, fetch } = await wrapped(t);
    const params = { ...USER_FETCH, ...change };
    assert.deepEqual(await fetch(params), ['native']);
    assert.equal(calls[0], params);
  });
}

test('a fetch without parameters, and one that fails, are LibreChat’s', async (t) => {
  const world = await makeWorld(t, { era: 'E7' });
  const failure = new Error('blocked');
  const fetch = world.start().skipUserFetches(async () => {
    throw failure;
  });
  await assert.rejects(fetch(), failure);
});

test('with a host that lacks something every fetch is LibreChat’s', async (t) => {
  const { fetch } = await wrapped(t, { '~/models': { getUserKeyValues: async () => ({}) } });
  assert.deepEqual(await fetch(USER_FETCH), ['native']);
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
