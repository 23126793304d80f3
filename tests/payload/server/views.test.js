const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { waitFor } = require('./lib/wait');

const { MINUTE, HOUR, DAY } = TIMES;

/** Alice has used her key once, then `change` happens and the front copy has run out. */
async function afterChange(t, change) {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1', 'alice-2']);
  const chat = startLibreChat(world);
  await chat.shown('alice');
  world.provider.calls.length = 0;
  change(world);
  return { world, chat };
}

test('a user without a key gets the very same object in both views', async (t) => {
  const world = await makeWorld(t);
  const chat = startLibreChat(world);
  const base = Object.freeze({ openAI: ['gpt-4o'], LiteLLM: Object.freeze(['default-model']) });
  const req = chat.request('carol');
  assert.equal(await chat.payload.showUserModels(req, base), base);
  const { getModelsConfig } = chat.payload.withUserModels({ getModelsConfig: async () => base });
  assert.equal(await getModelsConfig(req), base);
});

test('endpoints with a key of the administrator, without fetch, or of Ollama are left alone', async (t) => {
  const admin = { name: 'Admin', apiKey: 'sk-of-the-administrator' };
  const fixed = { name: 'Fixed', models: { default: ['fixed-1'] } };
  const ollama = { name: 'Ollama-home' };
  const world = await makeWorld(t, {
    endpoints: (provider) =>
      [admin, fixed, ollama].map((change) => customEndpoint(provider, change)),
  });
  for (const endpoint of ['Admin', 'Fixed', 'Ollama-home']) {
    world.giveKey('alice', ['alice-1'], { endpoint });
  }
  const chat = startLibreChat(world);
  const base = { Admin: ['a'], Fixed: ['fixed-1'], 'Ollama-home': ['o'] };
  assert.equal(await chat.payload.showUserModels(chat.request('alice'), base), base);
  assert.equal(world.provider.calls.length, 0);
});

test('the map of LibreChat is never changed', async (t) => {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  const base = Object.freeze({ LiteLLM: Object.freeze(['default-model']) });
  const shown = await chat.payload.showUserModels(chat.request('alice'), base);
  assert.deepEqual(shown, { LiteLLM: ['alice-1'] });
});

test('an expired key: defaults shown, the last list accepted, no provider call', async (t) => {
  const { world, chat } = await afterChange(t, (world) => {
    world.stored.get('alice LiteLLM').expiresAt = new Date(Date.now() - 1000);
  });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.equal(await chat.chat('alice', 'alice-2'), true);
  assert.equal(world.provider.calls.length, 0);
});

test('a revoked key: defaults shown, the last list accepted, no provider call', async (t) => {
  const { world, chat } = await afterChange(t, (world) => world.revokeKey('alice'));
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.deepEqual(await chat.accepted('alice'), ['default-model', 'alice-1', 'alice-2']);
  assert.equal(world.provider.calls.length, 0);
});

test('a key that expires in the future is used', async (t) => {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1'], { expiresAt: new Date(Date.now() + HOUR) });
  assert.deepEqual(await startLibreChat(world).shown('alice'), ['alice-1']);
});

test('a key the provider refuses: defaults shown, the last list accepted', async (t) => {
  const { chat } = await afterChange(t, (world) =>
    world.saveKey('alice', { apiKey: world.newKey('wrong'), baseURL: '' }),
  );
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.deepEqual(await chat.accepted('alice'), ['default-model', 'alice-1', 'alice-2']);
});

test('a key the provider has begun to refuse is not shown as good again by a restart', async (t) => {
  const { world, chat } = await afterChange(t, (world) => {
    world.provider.models.clear();
    world.advance(DAY + HOUR);
  });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  world.provider.fail(500);
  const restarted = startLibreChat(world);
  assert.deepEqual(await restarted.shown('alice'), ['default-model']);
  assert.equal(await restarted.chat('alice', 'alice-1'), true);
});

test('a refusal behind the answer counts at the next request, and after a restart', async (t) => {
  const { world, chat } = await afterChange(t, (world) => {
    world.provider.models.clear();
    world.advance(2 * HOUR);
  });
  assert.deepEqual(await chat.shown('alice'), ['alice-1', 'alice-2']);
  await waitFor(() => world.documents().some(({ value }) => value.includes('refused')));
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.deepEqual(await startLibreChat(world).shown('alice'), ['default-model']);
  world.advance(6 * MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

for (const [what, value] of [
  ['raw text', 'not json at all'],
  ['null', 'null'],
  ['a number', '7'],
  ['a key that no header can carry', JSON.stringify({ apiKey: 'sk-line\nbreak' })],
  ['what cannot be decrypted', 'undecryptable'],
]) {
  test(`a stored key that is ${what}: defaults, no provider call, nothing quoted`, async (t) => {
    const world = await makeWorld(t);
    world.secrets.add(value.length > 4 ? value : world.newKey());
    world.saveKey('alice', value);
    const chat = startLibreChat(world);
    assert.deepEqual(await chat.shown('alice'), ['default-model']);
    assert.equal(await chat.chat('alice', 'any-model'), true);
    assert.equal(world.provider.calls.length, 0);
  });
}

test('nothing cached and the provider down: defaults shown, the chat reaches the provider', async (t) => {
  const world = await makeWorld(t, { env: { DYNAMIC_MODELS_EXCLUDE: 'secret-*' } });
  world.giveKey('alice', ['alice-1']);
  world.provider.fail(500);
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.equal(await chat.chat('alice', 'alice-1'), true);
  assert.equal(await chat.chat('alice', 'secret-1'), false, 'excluded models stay illegal');
  assert.equal(await chat.chat('alice', 'x'.repeat(257)), false, 'so does what is no model id');
  assert.deepEqual(
    await chat.accepted('alice', { endpoint: 'Other', model: 'alice-1' }),
    ['default-model'],
    'what is asked of another endpoint is not accepted here',
  );
});

test('a model in nobody’s list is illegal while the list is known', async (t) => {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1']);
  assert.equal(await startLibreChat(world).chat('alice', 'no-such-model'), false);
});

test('a provider that lists nothing leaves the defaults', async (t) => {
  const world = await makeWorld(t);
  world.giveKey('alice', []);
  assert.deepEqual(await startLibreChat(world).shown('alice'), ['default-model']);
});

test('defaults written as objects are mapped to names', async (t) => {
  const models = { default: [{ name: 'one', description: 'x' }, 'two', {}], fetch: true };
  const world = await makeWorld(t, { endpoints: (p) => [customEndpoint(p, { models })] });
  world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.accepted('alice'), ['alice-1', 'one', 'two']);
});

test('a failing configuration leaves LibreChat’s own lists', async (t) => {
  const world = await makeWorld(t);
  const chat = startLibreChat(world);
  world.getAppConfig = async () => {
    throw new Error(`no config for ${world.newKey()}`);
  };
  const failing = startLibreChat(world);
  const base = { LiteLLM: ['default-model'] };
  assert.equal(await failing.payload.showUserModels(chat.request('alice'), base), base);
  assert.deepEqual(await failing.accepted('alice'), ['default-model']);
});

test('LibreChat’s own loader gets all it is called with, and the other exports stay', async (t) => {
  const world = await makeWorld(t);
  const seen = [];
  const other = () => undefined;
  const remember = async (...args) => seen.push(args) && {};
  const wrapped = world.start().withUserModels({
    modelController: remember,
    getModelsConfig: remember,
    refreshAll: other,
  });
  const req = { user: { id: 'alice' } };
  await wrapped.getModelsConfig(req, 'of a fork');
  await wrapped.modelController(req, 'response', 'next');
  assert.deepEqual(seen, [
    [req, 'of a fork'],
    [req, 'response', 'next'],
  ]);
  assert.equal(wrapped.refreshAll, other);
});

test('an error of LibreChat’s own loader passes unchanged', async (t) => {
  const world = await makeWorld(t);
  const failure = new Error('LibreChat failed');
  const { loadModels } = world.start().withUserModels({
    loadModels: async () => {
      throw failure;
    },
  });
  await assert.rejects(loadModels({ user: { id: 'alice' } }), failure);
});

for (const base of [undefined, null]) {
  test(`a loader that answers ${base} is passed through`, async (t) => {
    const world = await makeWorld(t);
    world.giveKey('alice', ['alice-1']);
    const payload = world.start();
    assert.equal(await payload.showUserModels({ user: { id: 'alice' } }, base), base);
  });
}

test('a request without a user gets LibreChat’s own lists', async (t) => {
  const world = await makeWorld(t);
  const payload = world.start();
  const base = { LiteLLM: ['default-model'] };
  assert.equal(await payload.showUserModels({}, base), base);
  assert.equal(await payload.showUserModels(undefined, base), base);
});
