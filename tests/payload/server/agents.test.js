const test = require('node:test');
const assert = require('node:assert/strict');
const { makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

/** The provider is down and nothing is cached: what is asked for decides what is accepted. */
async function withoutList(t, era) {
  const world = await makeWorld(t, { era });
  world.giveKey('alice', ['alice-1']);
  world.provider.fail(500);
  return { world, chat: startLibreChat(world) };
}

for (const era of ['E5', 'E6', 'E7']) {
  test(`${era}: the model of a saved agent is accepted while the list is unknown`, async (t) => {
    const { world, chat } = await withoutList(t, era);
    world.agents.set('agent_1', { provider: 'LiteLLM', model: 'alice-1' });
    const accepted = await chat.accepted('alice', { endpoint: 'agents', agent_id: 'agent_1' });
    assert.deepEqual(accepted, ['default-model', 'alice-1']);
  });
}

test('an agent that is still being loaded is waited for', async (t) => {
  const { chat } = await withoutList(t, 'E7');
  const agent = Promise.resolve({ provider: 'LiteLLM', model: 'alice-1' });
  const accepted = await chat.accepted('alice', { endpoint: 'agents', endpointOption: { agent } });
  assert.deepEqual(accepted, ['default-model', 'alice-1']);
});

test('an agent that LibreChat loads itself is not looked up a second time', async (t) => {
  const { world, chat } = await withoutList(t, 'E7');
  world.agents.set('agent_1', { provider: 'LiteLLM', model: 'of another version' });
  const agent = Promise.resolve({ provider: 'LiteLLM', model: 'alice-1' });
  const body = { endpoint: 'agents', agent_id: 'agent_1', endpointOption: { agent } };
  assert.deepEqual(await chat.accepted('alice', body), ['default-model', 'alice-1']);
});

test('an agent without a model that is loaded already is looked up by its id', async (t) => {
  const { world, chat } = await withoutList(t, 'E7');
  world.agents.set('agent_1', { provider: 'LiteLLM', model: 'alice-1' });
  const body = { endpoint: 'agents', agent_id: 'agent_1', endpointOption: { agent: {} } };
  assert.deepEqual(await chat.accepted('alice', body), ['default-model', 'alice-1']);
});

for (const id of [7, {}, undefined]) {
  test(`an agent whose id is ${JSON.stringify(id)} is not looked up`, async (t) => {
    const { world, chat } = await withoutList(t, 'E7');
    world.agents.set(id, { provider: 'LiteLLM', model: 'alice-1' });
    const accepted = await chat.accepted('alice', { endpoint: 'agents', agent_id: id });
    assert.deepEqual(accepted, ['default-model']);
  });
}

test('an agent that cannot be loaded changes nothing', async (t) => {
  const { world, chat } = await withoutList(t, 'E6');
  const agent = Promise.reject(new Error('no agent'));
  agent.catch(() => undefined);
  assert.deepEqual(
    await chat.accepted('alice', { endpoint: 'agents', endpointOption: { agent } }),
    ['default-model'],
  );
  world.getAgent = null;
  assert.deepEqual(await chat.accepted('alice', { endpoint: 'agents', agent_id: 'agent_2' }), [
    'default-model',
  ]);
});

test('the model of an added conversation is accepted while the list is unknown', async (t) => {
  const { chat } = await withoutList(t, 'E6');
  const addedConvo = { endpoint: 'LiteLLM', model: 'alice-1' };
  const body = { endpoint: 'openAI', model: 'gpt-4o', addedConvo };
  assert.deepEqual(await chat.accepted('alice', body), ['default-model', 'alice-1']);
});

for (const body of [undefined, null, 'text', {}, { endpoint: {}, model: [] }]) {
  test(`a request with the body ${JSON.stringify(body)} asks for nothing`, async (t) => {
    const { chat } = await withoutList(t, 'E6');
    assert.deepEqual(await chat.accepted('alice', body), ['default-model']);
  });
}

test('an agent is looked up on the agents endpoint only', async (t) => {
  const { world, chat } = await withoutList(t, 'E6');
  world.agents.set('agent_1', { provider: 'LiteLLM', model: 'alice-1' });
  const accepted = await chat.accepted('alice', { endpoint: 'openAI', agent_id: 'agent_1' });
  assert.deepEqual(accepted, ['default-model']);
});

test('agents are not looked up while a fresh list decides', async (t) => {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1']);
  let lookups = 0;
  world.getAgent = async () => {
    lookups += 1;
    return null;
  };
  const chat = startLibreChat(world);
  await chat.accepted('alice', { endpoint: 'agents', agent_id: 'agent_1' });
  assert.equal(lookups, 0);
});
