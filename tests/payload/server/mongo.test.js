const test = require('node:test');
const assert = require('node:assert/strict');
const { fork, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { TIMES, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { freePort } = require('./lib/port');

const { MONGOD } = process.env;
const skip = MONGOD ? false : 'needs a MongoDB server: set MONGOD to the path of mongod';

/** A MongoDB of its own for this file; `connect` waits until it answers. */
async function startMongo() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'dynamic-models-'));
  const port = await freePort();
  const where = ['--dbpath', directory, '--bind_ip', '127.0.0.1', '--port', String(port)];
  const args = [...where, '--wiredTigerCacheSizeGB', '0.25', '--nounixsocket'];
  const mongod = spawn(MONGOD, args, { stdio: 'ignore' });
  return {
    url: `mongodb://127.0.0.1:${port}/test`,
    async stop() {
      mongod.kill();
      await once(mongod, 'exit');
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

test('with a real MongoDB', { skip }, async (t) => {
  const mongo = await startMongo();
  t.after(() => mongo.stop());

  for (const version of ['mongoose7', 'mongoose8']) {
    await t.test(`${version}: lists survive restarts, and expire in the database`, async (t) => {
      const mongoose = require(version);
      await mongoose.connect(mongo.url);
      t.after(() => mongoose.disconnect());
      await mongoose.connection.db.dropDatabase();
      const world = await makeWorld(t, { database: mongoose });
      const key = world.giveKey('alice', ['openai/gpt-4.1', '$weird.id']);
      await startLibreChat(world).shown('alice');
      world.provider.fail(500);

      const restarted = startLibreChat(world);
      assert.deepEqual(await restarted.shown('alice'), ['openai/gpt-4.1', '$weird.id']);
      assert.equal(world.provider.calls.length, 1);

      const everything = await dump(mongoose.connection.db);
      assert.ok(everything.includes('/alice/LiteLLM'));
      assert.ok(!everything.includes(key), 'no key in the database');
      assert.ok(!everything.includes(world.provider.url), 'no URL in the database');
      const indexes = await mongoose.connection.db.collection('dynamic_models').indexes();
      assert.ok(indexes.some(({ expireAfterSeconds }) => expireAfterSeconds === 0));
    });

    await t.test(`${version}: a connection that is gone costs nothing but the store`, async (t) => {
      const mongoose = require(version);
      await mongoose.connect(mongo.url);
      const world = await makeWorld(t, { database: mongoose });
      world.giveKey('bob', ['bob-1']);
      const chat = startLibreChat(world);
      await chat.shown('bob');
      await mongoose.disconnect();
      world.advance(2 * TIMES.MINUTE);
      assert.deepEqual(await chat.shown('bob'), ['bob-1']);
    });
  }

  await t.test('two server processes, 50 users: 50 provider calls in all', async (t) => {
    const world = await makeWorld(t);
    const processes = [0, 1].map(() =>
      fork(path.join(__dirname, 'lib/serverProcess.js'), [mongo.url, world.provider.url], {
        stdio: 'inherit',
      }),
    );
    t.after(() => processes.forEach((child) => child.kill()));
    const users = Array.from({ length: 50 }, (_, i) => `user-${i}`);
    const keys = Object.fromEntries(
      users.map((user) => [user, world.giveKey(user, [`${user}-m`])]),
    );
    for (const child of processes) {
      child.send(keys);
      const [lists] = await once(child, 'message');
      assert.deepEqual(
        lists,
        users.map((user) => [`${user}-m`]),
      );
    }
    assert.equal(world.provider.calls.length, 50);
  });
});

/** Everything in a database, as text. */
async function dump(db) {
  const collections = await db.listCollections().toArray();
  const documents = collections.map(({ name }) => db.collection(name).find().toArray());
  return JSON.stringify(await Promise.all(documents));
}
