const test = require('node:test');
const assert = require('node:assert/strict');
const { makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const BROKEN = () => {
  throw new Error('broken');
};

/** What GET /api/models answers, and the request as it was left. */
async function get(chat, user = 'alice') {
  const req = chat.request(user);
  let answer;
  await chat.controllers.modelController(req, { send: (models) => (answer = models) });
  return { req, answer };
}

async function start(t, era, changes) {
  const world = await makeWorld(t, { era });
  world.giveKey('alice', ['alice-1']);
  return { world, chat: startLibreChat(world, changes) };
}

test('the configuration is read once for LibreChat’s loader and for this', async (t) => {
  const { world, chat } = await start(t, 'E7');
  const { req, answer } = await get(chat);
  assert.deepEqual(answer.LiteLLM, ['alice-1']);
  assert.equal(world.configReads, 1);
  assert.equal(req.config, world.config);
});

test('a configuration that is there already stays', async (t) => {
  const { world, chat } = await start(t, 'E7');
  const config = { endpoints: { custom: [] } };
  const req = { ...chat.request('alice'), config };
  await chat.controllers.modelController(req, { send: () => undefined });
  assert.equal(req.config, config);
  assert.equal(world.configReads, 0);
});

test('releases that keep no configuration on requests are lent none', async (t) => {
  const { chat } = await start(t, 'E4');
  const { req, answer } = await get(chat);
  assert.deepEqual(answer.LiteLLM, ['alice-1']);
  assert.equal('config' in req, false);
});

test('the key is looked for before LibreChat has its map', async (t) => {
  const { world, chat } = await start(t, 'E6');
  let readsBefore;
  const original = chat.loadModels;
  chat.loadModels = async (req) => {
    await new Promise(setImmediate);
    readsBefore = world.keyReads;
    return original.call(chat, req);
  };
  await get(chat);
  assert.equal(readsBefore, 1);
  assert.ok(world.keyReads <= 2, 'once for the list, once to recall it by');
});

test('up to v0.8.4 the configuration of a role is read once a minute', async (t) => {
  const { world, chat } = await start(t, 'E6');
  world.giveKey('bob', ['bob-1']);
  await get(chat);
  assert.deepEqual((await get(chat, 'bob')).answer.LiteLLM, ['bob-1']);
  assert.equal(world.configReads, 1);
  await chat.payload.showUserModels({ user: { id: 'admin', role: 'ADMIN' } }, {});
  assert.equal(world.configReads, 2);
  world.advance(61 * 1000);
  await get(chat);
  assert.equal(world.configReads, 3);
});

test('where administrators can change it, it is read for each request', async (t) => {
  const { world, chat } = await start(t, 'E7');
  await get(chat);
  await get(chat);
  assert.equal(world.configReads, 2);
});

test('a configuration that is not there yet is not remembered', async (t) => {
  const { world, chat } = await start(t, 'E6');
  const { config } = world;
  world.config = undefined;
  assert.deepEqual(await chat.payload.showUserModels(chat.request('alice'), {}), {});
  world.config = config;
  assert.deepEqual((await get(chat)).answer.LiteLLM, ['alice-1']);
});

test('a configuration that cannot be read is LibreChat’s own affair', async (t) => {
  const { world, chat } = await start(t, 'E7', {
    '~/server/services/Config': { getAppConfig: async () => BROKEN() },
  });
  const { req, answer } = await get(chat);
  assert.deepEqual(answer.LiteLLM, ['default-model']);
  assert.equal(req.config, undefined);
  assert.ok(world.logs.some(({ text }) => text.includes('configured models are served')));
});

test('what fails while LibreChat loads is no unhandled rejection, also when LibreChat fails', async (t) => {
  const schemas = { logger: { warn() {}, debug() {} }, getTenantId: BROKEN };
  const { chat } = await start(t, 'E7', { '@librechat/data-schemas': schemas });
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on('unhandledRejection', note);
  t.after(() => process.off('unhandledRejection', note));
  assert.deepEqual((await get(chat)).answer.LiteLLM, ['default-model']);
  chat.loadModels = async () => BROKEN();
  await assert.rejects(get(chat), { message: 'broken' });
  await new Promise(setImmediate);
  assert.deepEqual(unhandled, []);
});

test('a request without a user, or none at all, reaches LibreChat', async (t) => {
  const { world } = await start(t, 'E7');
  const reached = [];
  const { modelController } = world.start().withUserModels({
    modelController: async (req) => reached.push(req),
  });
  await modelController({});
  await modelController(undefined);
  assert.deepEqual(reached, [{}, undefined]);
});
