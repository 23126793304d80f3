const test = require('node:test');
const assert = require('node:assert/strict');
const { ERAS, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

for (const [era, { since }] of Object.entries(ERAS)) {
  test(`${since} and later: each user is shown the models of the own key`, async (t) => {
    const world = await makeWorld(t, { era });
    world.giveKey('alice', ['alice-1', 'alice-2']);
    world.giveKey('bob', ['bob-1']);
    const chat = startLibreChat(world);
    await chat.listen(t);
    const shown = async (user) => (await chat.get(user)).body;

    assert.deepEqual((await shown('alice')).LiteLLM, ['alice-1', 'alice-2']);
    assert.deepEqual((await shown('bob')).LiteLLM, ['bob-1']);
    assert.deepEqual(await shown('carol'), { openAI: ['gpt-4o'], LiteLLM: ['default-model'] });
    assert.equal(world.provider.calls.length, 2);
    assert.deepEqual(chat.nativeFetches, []);
  });

  test(`${since} and later: chat is validated against the own models`, async (t) => {
    const world = await makeWorld(t, { era });
    world.giveKey('alice', ['alice-1']);
    world.giveKey('bob', ['bob-1']);
    const chat = startLibreChat(world);

    assert.equal(await chat.chat('alice', 'alice-1'), true);
    assert.equal(await chat.chat('bob', 'alice-1'), false);
    assert.equal(await chat.chat('alice', 'default-model'), true);
  });

  test(`${since} and later: POST /api/models/fetch refreshes one endpoint`, async (t) => {
    const world = await makeWorld(t, { era });
    const key = world.giveKey('alice', ['alice-1']);
    const chat = startLibreChat(world);
    await chat.listen(t);
    await chat.get('alice');
    world.provider.models.set(key, ['alice-1', 'alice-new']);

    const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
    assert.equal(status, 200);
    assert.deepEqual(body.models, ['alice-1', 'alice-new']);
    assert.equal(body.source, 'provider');
    assert.deepEqual((await chat.get('alice')).body.LiteLLM, ['alice-1', 'alice-new']);
  });
}
