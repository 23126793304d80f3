const test = require('node:test');
const assert = require('node:assert/strict');
const v8 = require('node:v8');
const vm = require('node:vm');
const { startLibreChat } = require('./lib/librechat');
const { payloadFiles } = require('./lib/source');
const { settle } = require('./lib/wait');
const { makeWorld } = require('./lib/world');

async function withMap(t, limits) {
  const world = await makeWorld(t);
  const { BoundedMap } = world.start().file('memory');
  return { world, map: new BoundedMap(limits) };
}

test('a value is forgotten when its time is up', async (t) => {
  const { world, map } = await withMap(t, { maxEntries: 2 });
  map.set('a', 1, 5000);
  world.advance(4000);
  assert.equal(map.get('a'), 1);
  world.advance(2000);
  assert.equal(map.get('a'), undefined);
  assert.deepEqual([map.slots.size, map.weight], [0, 0]);
});

test('the value used longest ago makes room', async (t) => {
  const { map } = await withMap(t, { maxEntries: 2 });
  map.set('a', 1, 5000);
  map.set('b', 2, 5000);
  map.get('a');
  map.set('c', 3, 5000);
  assert.deepEqual([...map.slots.keys()], ['a', 'c']);
});

test('the weight of all values is bounded', async (t) => {
  const { map } = await withMap(t, { maxEntries: 9, maxWeight: 10 });
  map.set('a', 1, 5000, 6);
  map.set('a', 1, 5000, 7);
  assert.equal(map.weight, 7);
  map.set('b', 2, 5000, 4);
  assert.deepEqual([[...map.slots.keys()], map.weight], [['b'], 4]);
});

test('2000 users with 1000 models each take a bounded amount of memory, and the last ones are remembered', async (t) => {
  const world = await makeWorld(t, { database: false });
  const cache = world.start().file('cache');
  const models = Array.from({ length: 1000 }, (_, i) => `some-provider/some-model-${i}`);
  const entry = { models, fetchedAt: Date.now(), hash: 'x' };
  for (let i = 0; i < 2000; i++) {
    await cache.set(`/user-${i}/LiteLLM`, entry);
  }
  assert.equal(await cache.get('/user-0/LiteLLM'), undefined);
  assert.deepEqual(await cache.get('/user-1999/LiteLLM'), entry);
});

test('all that any file remembers of users has a bound', async (t) => {
  const payload = (await makeWorld(t)).start();
  const memory = payload.file('memory');
  const bounds = [];
  memory.BoundedMap = class extends memory.BoundedMap {
    constructor(limits) {
      super(limits);
      bounds.push(limits.maxEntries);
    }
  };
  payloadFiles().forEach(({ name }) => payload.file(name.replace('.js', '')));
  assert.ok(bounds.length >= 8, `${bounds.length} maps`);
  assert.deepEqual(
    bounds.filter((bound) => !(bound > 0 && bound <= 20000)),
    [],
  );
});

test('lists are bounded by their weight', async (t) => {
  const world = await makeWorld(t, { database: false });
  const cache = world.start().file('cache');
  const entry = (i) => ({ models: [`${i}`.padEnd(1024 * 1024)], fetchedAt: Date.now(), hash: 'x' });
  for (let i = 0; i < 40; i++) {
    await cache.set(`/user-${i}/LiteLLM`, entry(i));
  }
  const known = await Promise.all(
    Array.from({ length: 40 }, (_, i) => cache.get(`/user-${i}/LiteLLM`)),
  );
  assert.equal(known.filter(Boolean).length, 31);
});

/**
 * Mebibytes outside the heap that somebody still holds. Other threads give them back a while after
 * they were collected, so it is looked at until there are few enough.
 */
async function heldBuffers(enough) {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  const held = () => process.memoryUsage().arrayBuffers / 1024 / 1024;
  for (let i = 0; i < 100 && (i === 0 || held() > enough); i++) {
    collect();
    await settle();
  }
  return held();
}

test('a remembered failure does not hold the answer that it was', async (t) => {
  const world = await makeWorld(t);
  const users = Array.from({ length: 20 }, (_, number) => `user-${number}`);
  users.forEach((user) => world.giveKey(user, []));
  const chat = startLibreChat(world);
  const before = await heldBuffers(0);
  for (const [place, user] of users.entries()) {
    const item = place % 2 ? '[['.repeat(100) : `"${'x'.repeat(4 * 1024 * 1024)}"`;
    world.provider.say(`{"data":[${item.padEnd(4 * 1024 * 1024)}`);
    assert.deepEqual(await chat.shown(user), ['default-model']);
  }
  world.provider.recover();
  const more = (await heldBuffers(before + 20)) - before;
  assert.ok(more <= 20, `${more} MiB are held after ${users.length} answers of 4 MiB`);
});
