const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const { SECOND, MINUTE, HOUR } = TIMES;

/** A user whose provider has just answered with this status and Retry-After. */
async function refusedWith(t, status, retryAfter) {
  const world = await makeWorld(t);
  world.giveKey('alice', ['alice-1']);
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  world.provider.fail(status, '{}', headers);
  const chat = startLibreChat(world);
  await chat.listen(t);
  await chat.shown('alice');
  assert.equal(world.provider.calls.length, 1);
  const isAskedBy = async (ask) => {
    const before = world.provider.calls.length;
    await ask();
    return world.provider.calls.length > before;
  };
  return {
    world,
    chat,
    isAsked: () => isAskedBy(() => chat.shown('alice')),
    isAskedByForce: () => isAskedBy(() => chat.post('alice', { endpoint: 'LiteLLM' })),
  };
}

const inTwoMinutes = () => new Date(Date.now() + 2 * MINUTE).toUTCString();

/** What the provider sends, and from when on it is asked again: by a request, and by a refresh. */
const CASES = [
  ['no Retry-After', () => undefined, 30 * SECOND, 0],
  ['ten seconds', () => '10', 30 * SECOND, 10 * SECOND],
  ['a minute and a half', () => '90', 90 * SECOND, 90 * SECOND],
  ['spaces around', () => ' 90 ', 90 * SECOND, 90 * SECOND],
  ['five minutes', () => '300', 5 * MINUTE, 5 * MINUTE],
  ['an hour', () => '3600', 5 * MINUTE, 5 * MINUTE],
  ['more digits than a number has', () => '9'.repeat(5000), 5 * MINUTE, 5 * MINUTE],
  ['a date', inTwoMinutes, 2 * MINUTE, 2 * MINUTE],
  ['a date next year', () => 'Fri, 31 Dec 2100 23:59:59 GMT', 5 * MINUTE, 5 * MINUTE],
  ['a date that has passed', () => 'Wed, 21 Oct 2015 07:28:00 GMT', 30 * SECOND, 0],
  ['zero', () => '0', 30 * SECOND, 0],
  ['a negative number', () => '-120', 30 * SECOND, 0],
  ['a fraction', () => '0.5', 30 * SECOND, 0],
  ['words', () => 'soon', 30 * SECOND, 0],
  ['nothing', () => '', 30 * SECOND, 0],
];

for (const status of [429, 503]) {
  for (const [what, retryAfter, wait, forcedWait] of CASES) {
    test(`${status} with Retry-After: ${what}: left alone for ${wait / SECOND} seconds`, async (t) => {
      const { world, isAsked } = await refusedWith(t, status, retryAfter());
      world.advance(wait - 2 * SECOND);
      assert.equal(await isAsked(), false);
      world.advance(3 * SECOND);
      assert.equal(await isAsked(), true);
    });

    test(`${status} with Retry-After: ${what}: by force after ${forcedWait / SECOND} seconds`, async (t) => {
      const { world, isAskedByForce } = await refusedWith(t, status, retryAfter());
      if (forcedWait > 0) {
        world.advance(forcedWait - 2 * SECOND);
        assert.equal(await isAskedByForce(), false);
        world.advance(3 * SECOND);
      }
      assert.equal(await isAskedByForce(), true);
    });
  }
}

test('a refused refresh answers with what the provider said', async (t) => {
  const { chat, world } = await refusedWith(t, 429, '120');
  const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual(
    [status, body],
    [502, { error: { code: 'provider_error', message: 'The provider answered with status 429.' } }],
  );
  assert.equal(world.provider.calls.length, 1);
});

test('a refused refresh answers the last list where there is one', async (t) => {
  const { chat, world } = await refusedWith(t, 429);
  world.provider.recover();
  await chat.post('alice', { endpoint: 'LiteLLM' });
  world.advance(MINUTE);
  world.provider.fail(429, '{}', { 'retry-after': '120' });
  await chat.post('alice', { endpoint: 'LiteLLM' });
  world.advance(MINUTE);
  const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual([status, body.source, body.models], [200, 'stale', ['alice-1']]);
  assert.equal(world.provider.calls.length, 3);
});

test('another key of the user does not wait', async (t) => {
  const { chat, world } = await refusedWith(t, 429, '300');
  world.provider.recover();
  world.giveKey('alice', ['alice-2']);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
});

test('a refused key is left alone for five minutes, also with a shorter Retry-After', async (t) => {
  const { world, isAsked, isAskedByForce } = await refusedWith(t, 401, '10');
  world.advance(5 * MINUTE - SECOND);
  assert.equal(await isAsked(), false);
  assert.equal(await isAskedByForce(), true);
});

test('what was forced within five seconds shares the failure', async (t) => {
  const { world, isAskedByForce } = await refusedWith(t, 500);
  assert.equal(await isAskedByForce(), true);
  world.advance(4 * SECOND);
  assert.equal(await isAskedByForce(), false);
  world.advance(2 * SECOND);
  assert.equal(await isAskedByForce(), true);
});

test('what was forced within five seconds shares the list', async (t) => {
  const { world, isAskedByForce } = await refusedWith(t, 500);
  world.advance(HOUR);
  world.provider.recover();
  assert.equal(await isAskedByForce(), true);
  world.advance(4 * SECOND);
  assert.equal(await isAskedByForce(), false);
  world.advance(2 * SECOND);
  assert.equal(await isAskedByForce(), true);
});
