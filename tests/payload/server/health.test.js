const test = require('node:test');
const assert = require('node:assert/strict');
const { makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

/** Calls the handler as Express does. */
async function askHealth({ payload }, role) {
  const answer = {};
  const res = {
    status: (status) => Object.assign(answer, { status }) && res,
    json: (body) => Object.assign(answer, { body }),
  };
  await payload.fetchUserModelsController({ method: 'GET', user: { id: 'root', role } }, res);
  return answer;
}

test('health: 403 for users, numbers by endpoint for administrators', async (t) => {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  await chat.listen(t);
  await chat.shown('alice');
  await chat.shown('alice');
  world.provider.fail(500);
  await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.equal((await askHealth(chat, 'USER')).status, 403);
  const { status, body } = await askHealth(chat, 'ADMIN');
  assert.equal(status, 200);
  const { lastSuccess, lastFailure, slowest, ...counts } = body.endpoints.LiteLLM;
  assert.deepEqual(counts, { lists: 1, hits: 1, calls: 2, failures: { provider_error: 1 } });
  assert.ok(Date.parse(lastSuccess) <= Date.parse(lastFailure));
  assert.equal(typeof slowest, 'number');
  assert.ok(!JSON.stringify(body).includes('alice'));
});

test('health is bounded: a thousand names keep five hundred places', async (t) => {
  const world = await makeWorld(t);
  const chat = startLibreChat(world);
  const { countHit } = chat.payload.file('health');
  for (let number = 0; number < 1000; number++) {
    countHit(`endpoint-${number}`);
  }
  const { body } = await askHealth(chat, 'ADMIN');
  assert.equal(Object.keys(body.endpoints).length, 500);
});
