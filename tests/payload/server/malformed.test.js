const test = require('node:test');
const assert = require('node:assert/strict');
const { makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const OWNER = { userId: 'alice', name: 'LiteLLM' };
const INVALID = { message: '{"type":"invalid_user_key"}' };

/** A user whose key was stored as it is, not as JSON; every trace of its beginning is a failure. */
async function withMalformedKey(t, era) {
  const world = await makeWorld(t, { era });
  const key = world.newKey('malformed');
  world.secrets.add(key.slice(0, 8));
  world.saveKey('alice', key);
  return { world, chat: startLibreChat(world) };
}

for (const era of ['E4', 'E5', 'E6', 'E7']) {
  test(`${era}: a malformed key is shown to nobody, neither by a list nor by a chat`, async (t) => {
    const { world, chat } = await withMalformedKey(t, era);
    assert.deepEqual(await chat.shown('alice'), ['default-model']);
    assert.equal(await chat.chat('alice', 'alice-1'), true);
    await assert.rejects(chat.models.getUserKeyValues(OWNER), INVALID);
    await assert.rejects(chat.models.getUserKeyValues(OWNER), INVALID);
    const said = world.logs.filter(({ text }) => text.includes('no JSON'));
    assert.deepEqual(
      said.map(({ level }) => level),
      ['warn', 'debug'],
    );
  });
}

test('what LibreChat does itself with such a key would be noticed', async (t) => {
  const { world } = await withMalformedKey(t, 'E6');
  await assert.rejects(world.getUserKeyValues(OWNER), INVALID);
  const quotes = /^v(?:1[89])\./.test(process.version) ? 'JSON' : [...world.secrets][1];
  assert.ok(world.written.some((text) => text.includes(quotes)));
  world.written.length = 0;
});

test('a well-formed key is read by LibreChat itself, with whatever else it is asked', async (t) => {
  const world = await makeWorld(t);
  const asked = [];
  const guarded = world.start().guardUserKeys({
    getUserKey: async () => '{"apiKey":"one"}',
    getUserKeyValues: async (...all) => {
      asked.push(all);
      return { apiKey: 'as LibreChat reads it' };
    },
    untouched: 1,
  });
  assert.deepEqual(await guarded.getUserKeyValues(OWNER, 'session'), {
    apiKey: 'as LibreChat reads it',
  });
  assert.deepEqual(asked, [[OWNER, 'session']]);
  assert.equal(guarded.untouched, 1);
});

test('no key, and one that cannot be decrypted: LibreChat’s own errors', async (t) => {
  const world = await makeWorld(t);
  const { models } = startLibreChat(world);
  await assert.rejects(models.getUserKeyValues(OWNER), { message: '{"type":"no_user_key"}' });
  world.saveKey('alice', 'undecryptable');
  await assert.rejects(models.getUserKeyValues(OWNER), { message: 'bad decrypt' });
});

for (const [what, baseURL] of [
  ['a host of 254 characters', `https://${'a.'.repeat(126)}aa/v1`],
  ['a host of 300 characters in one label', `https://${'a'.repeat(300)}/v1`],
  ['more than 2,048 characters', `https://models.example.com/${'a'.repeat(2048)}`],
  ['more than 2,048 characters and is none', 'ü'.repeat(2049)],
  ['a host of 300 characters in a list', [`https://${'a'.repeat(300)}/v1`]],
]) {
  test(`a chat with a URL that has ${what} is refused before LibreChat opens it`, async (t) => {
    const world = await makeWorld(t);
    const { models } = startLibreChat(world);
    world.saveKey('alice', { apiKey: world.newKey('alice'), baseURL });
    await assert.rejects(models.getUserKeyValues(OWNER), INVALID);
    assert.ok(world.logs.some(({ text }) => text.includes('impossible address')));
  });
}

for (const baseURL of [
  `https://${'a.'.repeat(126)}a/v1`,
  'https://',
  'none',
  '',
  undefined,
  7,
  {},
]) {
  test(`a chat with the URL ${String(baseURL).slice(0, 12)} is LibreChat’s own affair`, async (t) => {
    const world = await makeWorld(t);
    const { models } = startLibreChat(world);
    const apiKey = world.newKey('alice');
    world.saveKey('alice', { apiKey, baseURL });
    assert.equal((await models.getUserKeyValues(OWNER)).apiKey, apiKey);
  });
}

test('exports without these functions stay as they are', async (t) => {
  const world = await makeWorld(t);
  const mocked = { getUserKeyValues: async () => ({}) };
  assert.equal(world.start().guardUserKeys(mocked), mocked);
});
