const test = require('node:test');
const assert = require('node:assert/strict');
const { customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { startLiteLLM } = require('./lib/litellm');

const { LITELLM } = process.env;
const skip = LITELLM ? false : 'needs the LiteLLM proxy: set LITELLM to the path of litellm';

test('with the real LiteLLM proxy', { skip, timeout: 300_000 }, async (t) => {
  const litellm = await startLiteLLM(LITELLM, ['gpt-4o', 'claude-sonnet', 'openai/gpt-5']);
  t.after(() => litellm.stop());

  for (const path of ['', '/v1']) {
    await t.test(`${path || 'no path'}: each key sees its own models`, async (t) => {
      const world = await makeWorld(t, {
        endpoints: () => [customEndpoint(null, { baseURL: litellm.url + path })],
      });
      const [alice, bob] = [world.newKey('alice'), world.newKey('bob')];
      litellm.setKeys({ [alice]: ['gpt-4o', 'openai/gpt-5'], [bob]: ['claude-sonnet'] });
      world.saveKey('alice', { apiKey: alice });
      world.saveKey('bob', { apiKey: bob });
      const chat = startLibreChat(world);
      assert.deepEqual((await chat.shown('alice')).sort(), ['gpt-4o', 'openai/gpt-5']);
      assert.deepEqual(await chat.shown('bob'), ['claude-sonnet']);
      assert.equal(await chat.chat('alice', 'gpt-4o'), true);
      assert.equal(await chat.chat('bob', 'gpt-4o'), false);
    });
  }

  await t.test('a key it does not know is provider_unauthorized', async (t) => {
    const world = await makeWorld(t, {
      endpoints: () => [customEndpoint(null, { baseURL: litellm.url })],
    });
    world.saveKey('alice', { apiKey: world.newKey('unknown') });
    const chat = startLibreChat(world);
    await chat.listen(t);
    const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
    assert.deepEqual([status, body.error.code], [502, 'provider_unauthorized']);
  });

  await t.test('a model that a key gets later is there after a refresh', async (t) => {
    const world = await makeWorld(t, {
      endpoints: () => [customEndpoint(null, { baseURL: litellm.url })],
    });
    const key = world.newKey('alice');
    litellm.setKeys({ [key]: ['gpt-4o'] });
    world.saveKey('alice', { apiKey: key });
    const chat = startLibreChat(world);
    await chat.listen(t);
    assert.deepEqual(await chat.shown('alice'), ['gpt-4o']);
    litellm.setKeys({ [key]: ['gpt-4o', 'claude-sonnet'] });
    const { body } = await chat.post('alice', { endpoint: 'LiteLLM' });
    assert.deepEqual(body.models.sort(), ['claude-sonnet', 'gpt-4o']);
    assert.deepEqual((await chat.shown('alice')).sort(), ['claude-sonnet', 'gpt-4o']);
  });
});
