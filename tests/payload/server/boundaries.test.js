const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { settle } = require('./lib/wait');

/** To the millisecond, with a clock that stands still: which side of a limit the limit is on. */

const { SECOND, MINUTE, HOUR, DAY } = TIMES;

/** Alice has a list that is no millisecond old. */
async function withFreshList(t, options) {
  const world = await makeWorld(t, options);
  world.stopClock();
  const key = world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  await chat.listen(t);
  await chat.shown('alice');
  const refresh = (body = {}) => chat.post('alice', { endpoint: 'LiteLLM', ...body });
  return { world, chat, key, refresh, calls: world.provider.calls };
}

/** Asserts that something asks the provider from one moment on, and not a millisecond before. */
async function assertAsksFrom(fixture, age, ask) {
  const { world, calls } = fixture;
  const before = calls.length;
  world.advance(age - 1);
  await ask();
  await settle();
  assert.equal(calls.length, before, 'not yet');
  world.advance(1);
  await ask();
  await settle();
  assert.equal(calls.length, before + 1, 'now');
}

test('a list that is older than an hour is refreshed behind the answer', async (t) => {
  const fixture = await withFreshList(t);
  await assertAsksFrom(fixture, HOUR + 1, () => fixture.chat.shown('alice'));
});

test('a list that is older than a day is waited for', async (t) => {
  const { world, chat, key } = await withFreshList(t);
  world.provider.models.set(key, ['alice-2']);
  world.advance(DAY);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  await settle();
  world.provider.models.set(key, ['alice-3']);
  world.advance(DAY + 1);
  assert.deepEqual(await chat.shown('alice'), ['alice-3']);
});

test('a last list is kept for less than seven days', async (t) => {
  const { world, chat } = await withFreshList(t);
  world.provider.fail(500);
  world.advance(7 * DAY - 1);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  world.advance(1);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

test('a last list stands in up to DYNAMIC_MODELS_STALE_IF_ERROR', async (t) => {
  const { world, refresh } = await withFreshList(t, {
    env: { DYNAMIC_MODELS_STALE_IF_ERROR: '1h' },
  });
  world.provider.fail(500);
  world.advance(HOUR);
  assert.equal((await refresh()).body.source, 'stale');
  world.advance(MINUTE);
  assert.equal((await refresh()).status, 502);
});

test('a missing model is looked for once more when the list is older than a minute', async (t) => {
  const fixture = await withFreshList(t);
  await assertAsksFrom(fixture, MINUTE + 1, () => fixture.chat.chat('alice', 'new'));
});

test('a list as old as maxAge is young enough', async (t) => {
  const fixture = await withFreshList(t);
  await assertAsksFrom(fixture, 90 * SECOND + 1, () => fixture.refresh({ maxAge: 90 }));
});

test('all endpoints: a list of a minute is young enough', async (t) => {
  const fixture = await withFreshList(t);
  await assertAsksFrom(fixture, MINUTE + 1, () => fixture.chat.post('alice'));
});

test('a provider that failed is asked again after thirty seconds', async (t) => {
  const fixture = await withFreshList(t);
  fixture.world.provider.fail(500);
  fixture.world.advance(DAY + 1);
  await fixture.chat.shown('alice');
  await assertAsksFrom(fixture, 30 * SECOND, () => fixture.chat.shown('alice'));
});

test('a provider that refused the key is asked again after five minutes', async (t) => {
  const fixture = await withFreshList(t);
  fixture.world.provider.fail(401);
  fixture.world.advance(DAY + 1);
  await fixture.chat.shown('alice');
  await assertAsksFrom(fixture, 5 * MINUTE, () => fixture.chat.shown('alice'));
});

test('a provider that named a time is asked by force when it is over', async (t) => {
  const fixture = await withFreshList(t);
  fixture.world.provider.fail(429, '{}', { 'retry-after': '20' });
  fixture.world.advance(1);
  await fixture.refresh();
  await assertAsksFrom(fixture, 20 * SECOND, () => fixture.refresh());
});

test('a forced refresh is shared for five seconds', async (t) => {
  const fixture = await withFreshList(t);
  await fixture.refresh();
  await assertAsksFrom(fixture, 5 * SECOND, () => fixture.refresh());
});

test('what another process has stored is seen after a minute', async (t) => {
  const { world, chat, key } = await withFreshList(t);
  const other = startLibreChat(world);
  await other.listen(t);
  world.provider.models.set(key, ['alice-2']);
  world.advance(1);
  await other.post('alice', { endpoint: 'LiteLLM' });
  world.advance(MINUTE - 2);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  world.advance(1);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
});

test('a key is expired from its end on', async (t) => {
  const { world, chat } = await withFreshList(t);
  world.giveKey('alice', ['alice-1'], { expiresAt: new Date(Date.now() + 1) });
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  world.advance(1);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

test('a key is expired from its end on, also with the model of keys', async (t) => {
  const { world, chat } = await withFreshList(t, { keyModel: true });
  world.advance(MINUTE);
  world.giveKey('alice', ['alice-1'], { expiresAt: new Date(Date.now() + 1) });
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  world.advance(1);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

test('a look at the keys is remembered for less than three seconds', async (t) => {
  const { world, chat } = await withFreshList(t, { keyModel: true });
  const { queries } = world.keys;
  world.advance(MINUTE);
  await chat.shown('alice');
  const before = queries.length;
  world.advance(3 * SECOND - 1);
  await chat.shown('alice');
  assert.equal(queries.length, before);
  world.advance(1);
  await chat.shown('alice');
  assert.equal(queries.length, before + 1);
});

test('the configuration of a role is read again after a minute', async (t) => {
  const { world, chat } = await withFreshList(t, { era: 'E6' });
  const before = world.configReads;
  world.advance(MINUTE - 1);
  await chat.shown('alice');
  assert.equal(world.configReads, before);
  world.advance(1);
  await chat.shown('alice');
  assert.equal(world.configReads, before + 1);
});

test('the thirty-first request in a minute waits for the rest of it', async (t) => {
  const { world, chat } = await withFreshList(t);
  const post = async () => {
    const { status, headers } = await chat.post('alice', {});
    return [status, headers.get('retry-after')];
  };
  for (let i = 0; i < 30; i++) {
    assert.deepEqual(await post(), [200, null]);
  }
  assert.deepEqual(await post(), [429, '60']);
  world.advance(1);
  assert.deepEqual(await post(), [429, '60']);
  world.advance(999);
  assert.deepEqual(await post(), [429, '59']);
  world.advance(MINUTE - SECOND - 1);
  assert.deepEqual(await post(), [429, '1']);
  world.advance(1);
  assert.deepEqual(await post(), [200, null]);
});

for (const [value, ttl] of [
  ['365d', 365 * DAY],
  ['8760.1h', DAY],
  ['0s', DAY],
  ['1ms', 1],
]) {
  test(`DYNAMIC_MODELS_TTL=${value} is ${ttl} milliseconds`, async (t) => {
    const world = await makeWorld(t, { env: { DYNAMIC_MODELS_TTL: value } });
    assert.equal(world.start().file('settings').getSettings().ttl, ttl);
  });
}

for (const length of [256, 257]) {
  test(`an endpoint’s name of ${length} characters is ${length > 256 ? 'not looked for' : 'found'}`, async (t) => {
    const name = 'n'.repeat(length);
    const { world, chat } = await withFreshList(t);
    world.config.endpoints.custom[0].name = name;
    world.advance(2 * MINUTE);
    world.giveKey('alice', ['alice-1'], { endpoint: name });
    const { status, body } = await chat.post('alice', { endpoint: name });
    assert.deepEqual(
      [status, body.error?.code],
      length > 256 ? [404, 'endpoint_not_found'] : [200, undefined],
    );
  });
}

for (const [status, line] of [
  [200, undefined],
  [201, undefined],
  [299, undefined],
  [300, 'provider_error. The provider redirects, which is not followed.'],
  [399, 'provider_error. The provider redirects, which is not followed.'],
  [400, 'provider_error. The provider answered with status 400.'],
  [401, 'provider_unauthorized. The provider refused the key.'],
  [402, 'provider_error. The provider answered with status 402.'],
  [403, 'provider_unauthorized. The provider refused the key.'],
  [404, 'provider_error. The provider answered with status 404.'],
  [999, 'provider_error. The provider answered with status 999.'],
]) {
  test(`status ${status}: ${line ?? 'the list is read'}`, async (t) => {
    const world = await makeWorld(t);
    world.giveKey('alice', []);
    world.provider.fail(status, '{"data":[{"id":"a"}]}');
    const shown = await startLibreChat(world).shown('alice');
    assert.deepEqual(shown, line ? ['default-model'] : ['a']);
    const lines = line ? [`[DynamicModels] models of "LiteLLM" were not fetched: ${line}`] : [];
    assert.deepEqual(
      world.logs.map(({ text }) => text),
      lines,
    );
  });
}

/** The level at which something is said at each of these moments. */
async function levelsAt(world, moments, provoke) {
  let now = 0;
  for (const moment of moments) {
    world.advance(moment - now);
    now = moment;
    await provoke();
  }
  return world.logs.map(({ level }) => level);
}

const AROUND_AN_HOUR = [0, HOUR - 1, HOUR];
const TWICE = ['warn', 'debug', 'warn'];

for (const [what, options, breaking] of [
  [
    'a configuration that fails',
    {},
    (world) => (world.getAppConfig = () => Promise.reject(new Error('x'))),
  ],
  [
    'a database that fails',
    {},
    (world) => {
      const broken = { createIndex: async () => undefined, updateOne: async () => undefined };
      world.mongoose.connection.db.collection = () => ({
        ...broken,
        findOne: () => Promise.reject(new Error('x')),
      });
      world.revokeKey('alice');
    },
  ],
  [
    'a query of keys that fails',
    { keyModel: true },
    (world) => (world.keys.failure = new Error('x')) && world.revokeKey('alice'),
  ],
]) {
  test(`${what} is one warning an hour`, async (t) => {
    const world = await makeWorld(t, options);
    world.stopClock();
    world.giveKey('alice', ['alice-1']);
    breaking(world);
    const { showUserModels } = world.start();
    const provoke = () => showUserModels({ user: { id: 'alice' } }, { LiteLLM: [] });
    assert.deepEqual(await levelsAt(world, AROUND_AN_HOUR, provoke), TWICE);
  });
}

test('an unexpected error of a refresh is one warning an hour', async (t) => {
  const world = await makeWorld(t);
  world.stopClock();
  world.getAppConfig = () => Promise.reject(new TypeError('x'));
  const chat = startLibreChat(world);
  await chat.listen(t);
  const post = () => chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual(await levelsAt(world, AROUND_AN_HOUR, post), TWICE);
  assert.equal(world.logs[0].text, '[DynamicModels] POST /api/models/fetch failed: TypeError.');
});

test('a malformed key is one warning an hour', async (t) => {
  const world = await makeWorld(t);
  world.stopClock();
  world.saveKey('alice', 'no JSON');
  const { models } = startLibreChat(world);
  const read = () =>
    models.getUserKeyValues({ userId: 'alice', name: 'LiteLLM' }).catch(() => undefined);
  assert.deepEqual(await levelsAt(world, AROUND_AN_HOUR, read), TWICE);
});

for (const [age, level] of [
  [HOUR - 1, 'debug'],
  [HOUR, 'warn'],
]) {
  test(`a provider that fails again after ${age} milliseconds is said at level ${level}`, async (t) => {
    const { world, refresh } = await withFreshList(t);
    world.provider.fail(500);
    world.advance(1);
    assert.deepEqual(await levelsAt(world, [0, age], refresh), ['warn', level]);
  });
}
