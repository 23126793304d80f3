const test = require('node:test');
const assert = require('node:assert/strict');
const { customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const PRICED = {
  data: [
    { id: 'a.b/c', pricing: { prompt: '0.000001' }, context_length: 1000 },
    { id: 'x'.repeat(300), pricing: { prompt: '1' }, context_length: 1 },
  ],
};
const TOKEN_CONFIG = { 'a.b/c': { prompt: 1, context: 1000 } };

async function withPrices(t, era, changes = {}) {
  const world = await makeWorld(t, {
    era,
    endpoints: (provider) => [customEndpoint(provider, changes)],
  });
  world.giveKey('alice', []);
  world.provider.say(JSON.stringify(PRICED));
  const tokens = world.getLogStores(era === 'E1' ? 'tokenConfig' : 'TOKEN_CONFIG');
  return { world, tokens, chat: startLibreChat(world) };
}

for (const [era, key] of [
  ['E1', 'LiteLLM:alice'],
  ['E5', 'LiteLLM:alice'],
  ['E6', 'LiteLLM:alice'],
  ['E7', 'LiteLLM:alice'],
]) {
  test(`${era}: prices are stored with the list and restored for chats (real Keyv)`, async (t) => {
    const { world, tokens, chat } = await withPrices(t, era);
    assert.equal(await chat.chat('alice', 'a.b/c'), true);
    assert.deepEqual(await tokens.get(key), TOKEN_CONFIG);
    await tokens.clear();
    const restarted = startLibreChat(world);
    await restarted.chat('alice', 'a.b/c');
    assert.deepEqual(await tokens.get(key), TOKEN_CONFIG);
    assert.equal(world.provider.calls.length, 1);
  });
}

test('prices go under the key of the tenant where the release has one', async (t) => {
  const { world, tokens } = await withPrices(t, 'E7');
  const { getModelsConfig } = world.start().withUserModels({ getModelsConfig: async () => ({}) });
  await getModelsConfig({ user: { id: 'alice', tenantId: 'acme' } });
  assert.deepEqual(await tokens.get('scoped:acme:LiteLLM:alice'), TOKEN_CONFIG);
});

test('prices that LibreChat has are not overwritten', async (t) => {
  const { tokens, chat } = await withPrices(t, 'E6');
  await tokens.set('LiteLLM:alice', { mine: true });
  await chat.chat('alice', 'a.b/c');
  assert.deepEqual(await tokens.get('LiteLLM:alice'), { mine: true });
});

test('an endpoint with a tokenConfig of its own gets none', async (t) => {
  const { tokens, chat } = await withPrices(t, 'E6', { tokenConfig: { m: { prompt: 1 } } });
  await chat.chat('alice', 'a.b/c');
  assert.equal(await tokens.get('LiteLLM:alice'), undefined);
});

test('showing a list does not touch LibreChat’s prices', async (t) => {
  const { tokens, chat } = await withPrices(t, 'E6');
  await chat.shown('alice');
  assert.equal(await tokens.get('LiteLLM:alice'), undefined);
});

test('a refresh answers the prices', async (t) => {
  const { chat } = await withPrices(t, 'E6');
  await chat.listen(t);
  const { body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual(body.tokenConfig, TOKEN_CONFIG);
});

test('a price cache that fails does not fail the chat', async (t) => {
  const { world } = await withPrices(t, 'E6');
  const getLogStores = () => {
    throw new Error('Invalid store key');
  };
  const chat = startLibreChat(world, { '~/cache': { getLogStores } });
  assert.equal(await chat.chat('alice', 'a.b/c'), true);
});

test('prices that cannot be read do not fail the list', async (t) => {
  const { world } = await withPrices(t, 'E6');
  const api = { ...world.era.modules(world)['@librechat/api'] };
  api.processModelData = () => {
    throw new Error('unexpected shape');
  };
  const chat = startLibreChat(world, { '@librechat/api': api });
  assert.deepEqual(await chat.shown('alice'), ['a.b/c']);
});

/** What LibreChat's own reader of prices is given, and what it makes of it. */
async function withReader(t, body, processModelData) {
  const world = await makeWorld(t);
  world.giveKey('alice', []);
  world.provider.say(JSON.stringify(body));
  const api = world.era.modules(world)['@librechat/api'];
  const seen = [];
  const inputSchema = {
    safeParse: (part) => {
      seen.push(part.data);
      return api.inputSchema.safeParse(part);
    },
  };
  const read = processModelData ?? api.processModelData;
  const changed = { ...api, inputSchema, processModelData: read };
  const chat = startLibreChat(world, { '@librechat/api': changed });
  await chat.listen(t);
  const answer = await chat.post('alice', { endpoint: 'LiteLLM' });
  return { seen, body: answer.body };
}

const priced = (id) => ({ id, pricing: { prompt: '0.000001' }, context_length: 1000 });

test('LibreChat’s reader sees a hundred models at once, and only those that are kept', async (t) => {
  const data = [
    { id: '' },
    {},
    7,
    ...Array.from({ length: 2500 }, (_, i) => priced(`m${i}`)),
    priced('m0'),
    priced('a\nb'),
  ];
  const { seen, body } = await withReader(t, { data });
  assert.deepEqual(
    seen.map((part) => part.length),
    Array(20).fill(100),
  );
  assert.deepEqual(
    seen.flat().map(({ id }) => id),
    body.models,
  );
  assert.equal(Object.keys(body.tokenConfig).length, 2000);
  assert.deepEqual(body.tokenConfig.m1999, { prompt: 1, context: 1000 });
});

test('the last hundred may be fewer', async (t) => {
  const data = Array.from({ length: 101 }, (_, i) => priced(`m${i}`));
  const { seen, body } = await withReader(t, { data });
  assert.deepEqual(
    seen.map((part) => part.length),
    [100, 1],
  );
  assert.equal(Object.keys(body.tokenConfig).length, 101);
});

test('one model without prices: none has any, and the rest is not read', async (t) => {
  const data = Array.from({ length: 500 }, (_, i) => priced(`m${i}`));
  delete data[150].pricing;
  const { seen, body } = await withReader(t, { data });
  assert.equal(seen.length, 2);
  assert.equal(body.models.length, 500);
  assert.equal(body.tokenConfig, undefined);
});

test('prices of models that are not kept are dropped', async (t) => {
  const { body } = await withReader(t, { data: [priced('a')] }, () => ({ a: 1, other: 2 }));
  assert.deepEqual(body.tokenConfig, { a: 1 });
});

test('no prices at all are none', async (t) => {
  const { body } = await withReader(t, { data: [priced('a')] }, () => ({}));
  assert.equal('tokenConfig' in body, false);
});

test('the event loop goes on between two hundreds when their time is used up', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => (now += 11));
  let turns = 0;
  const seenAt = [];
  const turn = () => {
    turns += 1;
    return seenAt.length < 5 && setImmediate(turn);
  };
  const data = Array.from({ length: 500 }, (_, i) => priced(`m${i}`));
  setImmediate(turn);
  await withReader(t, { data }, () => {
    seenAt.push(turns);
    return { m0: 1 };
  });
  assert.equal(new Set(seenAt).size, 5, `at turns ${seenAt}`);
});
