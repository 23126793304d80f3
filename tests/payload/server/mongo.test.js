const test = require('node:test');
const assert = require('node:assert/strict');
const { fork } = require('node:child_process');
const path = require('node:path');
const { once } = require('node:events');
const { TIMES, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { skip, startMongo } = require('./lib/mongod');

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

    await t.test(`${version}: all keys of a user are one look, at an index`, async (t) => {
      const { mongoose, world, chat } = await withKeysIn(t, version, mongo.url);
      const [alice, bob] = [1, 2].map(() => String(new mongoose.Types.ObjectId()));
      world.giveKey(alice, ['alice-1']);
      world.giveKey(bob, ['bob-1'], { expiresAt: new Date(Date.now() - 1000) });
      await copyKeys(mongoose, world);
      assert.deepEqual(await chat.shown(alice), ['alice-1']);
      assert.deepEqual(await chat.shown(bob), ['default-model']);
      assert.deepEqual(await chat.shown(String(new mongoose.Types.ObjectId())), ['default-model']);
      assert.equal(world.keyReads, 1, 'only the key that counts is read');

      const keys = mongoose.connection.db.collection('keys');
      await waitForIndex(keys);
      const plan = await keys.find({ userId: new mongoose.Types.ObjectId(alice) }).explain();
      assert.ok(JSON.stringify(plan).includes('IXSCAN'));
    });

    await t.test(
      `${version}: when a user is deleted the lists go, and nobody else’s`,
      async (t) => {
        const { mongoose, world, chat } = await withKeysIn(t, version, mongo.url);
        const users = [1, 2, 3].map(() => String(new mongoose.Types.ObjectId()));
        users.forEach((user) => world.giveKey(user, [`${user}-1`]));
        await copyKeys(mongoose, world);
        await Promise.all(users.map((user) => chat.shown(user)));
        await chat.models.deleteUserKey({ userId: users[0], all: true });
        const lists = await mongoose.connection.db.collection('dynamic_models').find().toArray();
        assert.deepEqual(
          lists.map(({ _id }) => _id).sort(),
          users.slice(1).map((user) => `/${user}/LiteLLM`),
        );
      },
    );

    await t.test(`${version}: without DYNAMIC_MODELS_KEYS_INDEX no index is made`, async (t) => {
      const env = { DYNAMIC_MODELS_KEYS_INDEX: 'false' };
      const { mongoose, world, chat } = await withKeysIn(t, version, mongo.url, env);
      const alice = String(new mongoose.Types.ObjectId());
      world.giveKey(alice, ['alice-1']);
      await copyKeys(mongoose, world);
      assert.deepEqual(await chat.shown(alice), ['alice-1']);
      const indexes = await mongoose.connection.db.collection('keys').indexes();
      assert.deepEqual(
        indexes.map(({ name }) => name),
        ['_id_'],
      );
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

/** A LibreChat whose model of keys is mongoose's, on an empty database. */
async function withKeysIn(t, version, url, env = {}) {
  const mongoose = require(version);
  await mongoose.connect(url);
  t.after(() => mongoose.disconnect());
  await mongoose.connection.db.dropDatabase();
  const { ObjectId } = mongoose.Schema.Types;
  const fields = { userId: ObjectId, name: String, value: String, expiresAt: Date };
  mongoose.models.Key ?? mongoose.model('Key', new mongoose.Schema(fields));
  const world = await makeWorld(t, { database: mongoose, env });
  world.hasKeyModel = true;
  return { mongoose, world, chat: startLibreChat(world) };
}

/** Puts what the fake functions for keys know where the model looks. */
async function copyKeys(mongoose, world) {
  await mongoose.models.Key.insertMany(world.keyRecords());
}

/** The index is made behind the answer. */
async function waitForIndex(collection) {
  for (let i = 0; i < 1000; i++) {
    if ((await collection.indexes()).some(({ name }) => name === 'userId_1')) {
      return;
    }
  }
  assert.fail('there is no index userId_1');
}

/** Everything in a database, as text. */
async function dump(db) {
  const collections = await db.listCollections().toArray();
  const documents = collections.map(({ name }) => db.collection(name).find().toArray());
  return JSON.stringify(await Promise.all(documents));
}
