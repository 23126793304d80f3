const test = require('node:test');
const assert = require('node:assert/strict');
const { ERAS, TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');
const { settle, waitFor } = require('./lib/wait');

/** Stored keys, looked at all at once through LibreChat's own model of them. */

const { SECOND, MINUTE, HOUR } = TIMES;
const OWNER = { userId: 'alice', name: 'LiteLLM' };
const FOUR = ['A', 'B', 'C', 'D'];
const fourEndpoints = (provider) => FOUR.map((name) => customEndpoint(provider, { name }));

async function withKeys(t, options = {}) {
  const world = await makeWorld(t, { keyModel: true, ...options });
  const chat = startLibreChat(world);
  return { world, chat, calls: world.provider.calls, queries: world.keys.queries };
}

/** Alice has a list, and her key has been seen twice. */
async function withLearntKey(t, options) {
  const fixture = await withKeys(t, options);
  const key = fixture.world.giveKey('alice', ['alice-1']);
  await fixture.chat.shown('alice');
  await settle();
  fixture.queries.length = 0;
  fixture.world.keyReads = 0;
  return { ...fixture, key };
}

const store = (world, models) => {
  const apiKey = world.newKey('alice');
  world.provider.models.set(apiKey, models);
  return { ...OWNER, value: JSON.stringify({ apiKey, baseURL: '' }) };
};

test('all endpoints of a request are one query', async (t) => {
  const { world, chat, queries } = await withKeys(t, { endpoints: fourEndpoints });
  FOUR.forEach((name) => world.giveKey('alice', [`${name}-1`], { endpoint: name }));
  const req = chat.request('alice');
  const lists = await chat.payload.showUserModels(req, {});
  assert.deepEqual(lists, { A: ['A-1'], B: ['B-1'], C: ['C-1'], D: ['D-1'] });
  assert.deepEqual(queries[0], { userId: 'alice', names: FOUR });
  assert.equal(queries.filter(({ names }) => names.length > 1).length, 1);
});

test('a user without keys costs one query and no read of a key', async (t) => {
  const { world, chat, queries, calls } = await withKeys(t, { endpoints: fourEndpoints });
  world.giveKey('bob', ['bob-1'], { endpoint: 'A' });
  assert.deepEqual(await chat.shown('alice', 'A'), ['default-model']);
  assert.deepEqual([queries.length, world.keyReads, calls.length], [1, 0, 0]);
});

test('endpoints that are not fetched for the user are not looked for', async (t) => {
  const { chat, queries } = await withKeys(t, {
    endpoints: (p) => [customEndpoint(p, { apiKey: 'x' }), customEndpoint(p, { name: 'Own' })],
  });
  await chat.shown('alice', 'Own');
  assert.deepEqual(queries, [{ userId: 'alice', names: ['Own'] }]);
});

test('without an endpoint to fetch for the user nothing is looked for', async (t) => {
  const { chat, queries } = await withKeys(t, {
    endpoints: (p) => [customEndpoint(p, { apiKey: 'x' })],
  });
  await chat.shown('alice');
  assert.deepEqual(queries, []);
});

test('a key that has been seen twice is not read again', async (t) => {
  const { world, chat, queries, calls } = await withLearntKey(t);
  world.advance(MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  assert.deepEqual([queries.length, world.keyReads, calls.length], [1, 0, 1]);
});

test('a key that changed between the look and the reading is not learnt', async (t) => {
  const { world } = await withKeys(t);
  world.giveKey('alice', ['alice-1']);
  const first = world.stored.get('alice LiteLLM');
  const { getUserKey } = world;
  world.getUserKey = async (owner) => {
    if (world.stored.get('alice LiteLLM') === first && world.keyReads === 0) {
      world.giveKey('alice', ['alice-2']);
    }
    return getUserKey(owner);
  };
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
  await settle();
  world.stored.set('alice LiteLLM', first);
  world.advance(MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
});

test('what was learnt of a key is not used for another URL of the administrator', async (t) => {
  const { world, chat, calls } = await withLearntKey(t);
  const baseURL = `${world.provider.url}/other`;
  world.config.endpoints.custom = [customEndpoint(world.provider, { baseURL })];
  world.advance(MINUTE);
  await chat.shown('alice');
  assert.equal(calls.at(-1).path, '/v1/other/models');
});

test('what was learnt of a key is read anew after an hour', async (t) => {
  const { world, chat } = await withLearntKey(t);
  world.advance(HOUR - SECOND);
  await chat.shown('alice');
  assert.equal(world.keyReads, 0);
  world.advance(2 * SECOND);
  await chat.shown('alice');
  assert.ok(world.keyReads > 0);
});

test('for three seconds a look is remembered', async (t) => {
  const { world, chat, queries } = await withLearntKey(t);
  world.advance(MINUTE);
  await chat.shown('alice');
  world.advance(2900);
  await chat.shown('alice');
  assert.equal(queries.length, 1);
  world.advance(200);
  await chat.shown('alice');
  assert.equal(queries.length, 2);
});

test('what another process changes shows within three seconds', async (t) => {
  const { world, chat } = await withLearntKey(t);
  world.revokeKey('alice');
  world.advance(3001);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  world.giveKey('alice', ['alice-2']);
  world.advance(3001);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
});

test('nothing is remembered where this process does not hear of changes', async (t) => {
  const { world, queries } = await withKeys(t);
  world.giveKey('alice', ['alice-1']);
  const { showUserModels } = world.start();
  for (let i = 0; i < 3; i++) {
    await showUserModels({ user: { id: 'alice' } }, { LiteLLM: [] });
  }
  const looks = queries.length;
  assert.ok(looks >= 3, `${looks} looks`);
  world.revokeKey('alice');
  const shown = await showUserModels({ user: { id: 'alice' } }, { LiteLLM: [] });
  assert.deepEqual(shown.LiteLLM, ['default-model']);
});

test('another set of endpoints is looked for anew', async (t) => {
  const { world, chat, queries } = await withLearntKey(t);
  world.advance(MINUTE);
  await chat.shown('alice');
  world.config.endpoints.custom.push(customEndpoint(world.provider, { name: 'Second' }));
  world.giveKey('alice', ['second-1'], { endpoint: 'Second' });
  assert.deepEqual(await chat.shown('alice', 'Second'), ['second-1']);
  assert.deepEqual(queries[1].names, ['LiteLLM', 'Second']);
});

test('a key that is saved in this process counts at once', async (t) => {
  const { world, chat } = await withLearntKey(t);
  await chat.models.updateUserKey(store(world, ['alice-2']));
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
  await chat.models.updateUserKey({ ...store(world, ['x']), expiresAt: new Date(1) });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

test('a key that is deleted in this process is gone at once', async (t) => {
  const { chat, calls } = await withLearntKey(t);
  await chat.models.deleteUserKey(OWNER);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.equal(calls.length, 1);
});

test('what another user saves makes nobody else’s keys looked for again', async (t) => {
  const { world, chat, queries } = await withLearntKey(t);
  world.advance(MINUTE);
  await chat.shown('alice');
  await chat.models.updateUserKey({ ...store(world, ['bob-1']), userId: 'bob' });
  await chat.shown('alice');
  assert.equal(queries.length, 1);
});

test('a change that fails half-way forgets, and its error is LibreChat’s', async (t) => {
  const { world } = await withKeys(t);
  const payload = world.start();
  const models = payload.guardUserKeys({
    updateUserKey: async (owner) => {
      await world.updateUserKey(owner);
      throw new Error('half-way');
    },
    deleteUserKey: world.deleteUserKey,
  });
  const show = () => payload.showUserModels({ user: { id: 'alice' } }, { LiteLLM: [] });
  await show();
  await assert.rejects(models.updateUserKey(store(world, ['alice-2'])), { message: 'half-way' });
  assert.deepEqual((await show()).LiteLLM, ['alice-2']);
});

test('a guarded change is called with all it is given, and answers what it answers', async (t) => {
  const { world } = await withKeys(t);
  const change = async (...args) => args;
  const models = world.start().guardUserKeys({ updateUserKey: change, deleteUserKey: change });
  assert.deepEqual(await models.updateUserKey(OWNER, 'session'), [OWNER, 'session']);
  assert.deepEqual(await models.deleteUserKey(OWNER, 'session'), [OWNER, 'session']);
  assert.deepEqual(await models.deleteUserKey(), [undefined]);
});

for (const missing of ['updateUserKey', 'deleteUserKey']) {
  test(`without ${missing} among the exports nothing is remembered`, async (t) => {
    const { world, queries } = await withKeys(t);
    const payload = world.start();
    const { updateUserKey, deleteUserKey } = world;
    const exported = { updateUserKey, deleteUserKey, [missing]: undefined };
    assert.equal(payload.guardUserKeys(exported), exported);
    for (let i = 0; i < 2; i++) {
      await payload.showUserModels({ user: { id: 'alice' } }, {});
    }
    assert.equal(queries.length, 2);
  });
}

test('a change that comes in while the look is under way is not remembered', async (t) => {
  const { world, chat } = await withKeys(t);
  world.giveKey('alice', ['alice-1']);
  let release;
  world.keys.gate = new Promise((resolve) => (release = resolve));
  const early = chat.shown('alice');
  await waitFor(() => world.keys.queries.length === 1);
  await chat.models.deleteUserKey(OWNER);
  world.keys.gate = Promise.resolve();
  release();
  await early;
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

test('requests at the same time share one look', async (t) => {
  const { world, chat, queries } = await withLearntKey(t);
  world.advance(MINUTE);
  await Promise.all(Array.from({ length: 20 }, () => chat.shown('alice')));
  assert.equal(queries.length, 1);
});

test('a key that changed after the look is asked with under a hash of its own', async (t) => {
  const { world, chat, key } = await withLearntKey(t);
  await chat.listen(t);
  world.advance(MINUTE);
  await chat.shown('alice');
  // In another process, so that this one still remembers how the key looked before.
  world.giveKey('alice', ['alice-2']);
  await chat.post('alice', { endpoint: 'LiteLLM' });
  world.saveKey('alice', { apiKey: key, baseURL: '' });
  world.advance(4 * SECOND);
  assert.deepEqual(await chat.shown('alice'), ['alice-1'], 'not the list of the key between');
});

/** Alice asks; her key is revoked after it was seen, and `whenMissed` is called when that shows. */
async function askWithRevoked(t, whenMissed) {
  const { world } = await withKeys(t);
  world.giveKey('alice', ['alice-1']);
  const { getUserKey, getUserKeyExpiry } = world;
  world.getUserKey = async (owner) => {
    if (world.keyReads === 0) {
      world.revokeKey('alice');
    }
    return getUserKey(owner);
  };
  world.getUserKeyExpiry = async (owner) => {
    whenMissed(world);
    return getUserKeyExpiry(owner);
  };
  const chat = startLibreChat(world);
  await chat.listen(t);
  return (await chat.post('alice', { endpoint: 'LiteLLM' })).body;
}

test('a key that is revoked after the look is no key, not one that cannot be used', async (t) => {
  const answer = await askWithRevoked(t, () => undefined);
  assert.equal(answer.error.code, 'no_user_key');
});

test('a key that is saved anew just when it is found missing is asked with', async (t) => {
  const answer = await askWithRevoked(t, (world) => world.giveKey('alice', ['alice-2']));
  assert.deepEqual(answer.models, ['alice-2']);
});

test('a database that fails when the key is read is not the fault of the key', async (t) => {
  const answer = await askWithRevoked(t, () => {
    throw new Error('no connection');
  });
  assert.equal(answer.error.code, 'internal_error');
});

test('of two records with one name the first counts', async (t) => {
  const { world, chat } = await withKeys(t);
  const key = world.giveKey('alice', ['alice-1']);
  const [record] = world.keyRecords();
  const second = { ...record, value: 'other', expiresAt: new Date(1) };
  world.keys.all = () => [record, second];
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  world.keys.all = () => [second, record];
  world.advance(MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.ok(key);
});

for (const [what, expiresAt, shown] of [
  ['a minute ago', -MINUTE, 'default-model'],
  ['now', 0, 'default-model'],
  ['in a minute', MINUTE, 'alice-1'],
]) {
  test(`a key that expires ${what} shows ${shown}`, async (t) => {
    const { world, chat, calls } = await withKeys(t);
    world.giveKey('alice', ['alice-1'], { expiresAt: new Date(Date.now() + expiresAt) });
    assert.deepEqual(await chat.shown('alice'), [shown]);
    assert.equal(calls.length, shown === 'alice-1' ? 1 : 0);
    assert.equal(world.keyReads, shown === 'alice-1' ? 1 : 0);
  });
}

/** What a refresh answers. */
async function refreshed(t, arrange) {
  const { world, chat } = await withKeys(t);
  arrange(world);
  await chat.listen(t);
  const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  return {
    world,
    answer: body.error ? [status, body.error.code, body.error.message] : body.models,
  };
}

const TOO_LONG = [400, 'invalid_user_key', 'The stored key is too long.'];

test('a long stored value is refused without being read', async (t) => {
  const { world, answer } = await refreshed(t, (w) => w.saveKey('alice', 'x'.repeat(25 * 1024)));
  assert.deepEqual(answer, TOO_LONG);
  assert.equal(world.keyReads, 0);
});

test('a stored value of 48 KiB is read, and of one more is not', async (t) => {
  for (const [length, reads] of [
    [48 * 1024, 1],
    [48 * 1024 + 1, 0],
  ]) {
    const { world } = await refreshed(t, (w) => {
      w.saveKey('alice', 'x');
      const all = w.keyRecords().map((record) => ({ ...record, value: 'x'.repeat(length) }));
      w.keys.all = () => all;
    });
    assert.equal(world.keyReads, reads);
  }
});

const valueOf = (length) => JSON.stringify({ apiKey: 'k'.repeat(40), x: '' }).padEnd(length);

for (const [what, value, expected] of [
  ['a key of 8 KiB', { apiKey: 'k'.repeat(8 * 1024) }, ['ok']],
  [
    'a key of 8 KiB and one',
    { apiKey: 'k'.repeat(8 * 1024 + 1) },
    [400, 'invalid_user_key', 'The stored key cannot be used. Please save it again.'],
  ],
  ['a value of 12 KiB', valueOf(12 * 1024), ['ok']],
  ['a value of 12 KiB and one', valueOf(12 * 1024 + 1), TOO_LONG],
  ['a value of 23 KiB', valueOf(23 * 1024), TOO_LONG],
]) {
  test(`${what}: ${expected.length === 1 ? 'used' : 'refused'}`, async (t) => {
    const { answer } = await refreshed(t, (w) => {
      w.saveKey('alice', value);
      w.provider.say('{"data":[{"id":"ok"}]}');
    });
    assert.deepEqual(answer, expected);
  });
}

/* Headers that are made of the user. */

const withHeaders = (headers) => (provider) => [customEndpoint(provider, { headers })];

async function listsByUser(t, headers, ...users) {
  const { world, chat, calls } = await withKeys(t, { endpoints: withHeaders(headers) });
  world.giveKey('alice', ['alice-1']);
  for (const user of users) {
    await chat.payload.showUserModels({ user: { id: 'alice', ...user } }, { LiteLLM: [] });
  }
  return calls;
}

test('a change of the role asks again at once where a header is made of it', async (t) => {
  const calls = await listsByUser(
    t,
    { 'X-Role': '{{LIBRECHAT_USER_ROLE}}' },
    { role: 'USER' },
    { role: 'USER' },
    { role: 'ADMIN' },
  );
  assert.deepEqual(
    calls.map(({ headers }) => headers['x-role']),
    ['USER', 'ADMIN'],
  );
});

for (const [what, headers] of [
  ['no header', undefined],
  ['a fixed header', { 'X-Team': 'red' }],
  ['a token of the login', { Authorization: 'Bearer {{LIBRECHAT_OPENID_ACCESS_TOKEN}}' }],
]) {
  test(`with ${what} a change of role or token asks nothing again`, async (t) => {
    const calls = await listsByUser(
      t,
      headers,
      { role: 'USER', accessToken: 'one' },
      { role: 'ADMIN', accessToken: 'two' },
    );
    assert.equal(calls.length, 1);
  });
}

test('headers of the administrator do not tell lists of a user’s URL apart', async (t) => {
  const { world, chat, calls } = await withKeys(t, {
    env: { DYNAMIC_MODELS_ALLOW_HTTP: '127.0.0.1' },
    endpoints: (p) => [
      customEndpoint(p, {
        baseURL: 'user_provided',
        headers: { 'X-Role': '{{LIBRECHAT_USER_ROLE}}' },
      }),
    ],
  });
  world.giveKey('alice', ['alice-1'], { baseURL: world.provider.url });
  for (const role of ['USER', 'ADMIN']) {
    await chat.payload.showUserModels({ user: { id: 'alice', role } }, { LiteLLM: [] });
  }
  assert.equal(calls.length, 1);
});

/* Users that go. */

test('when a user is deleted that user’s lists go, and nobody else’s', async (t) => {
  const { world, chat } = await withKeys(t);
  const users = ['alice', 'alice2', 'alic', 'alice/LiteLLM', 'bob', 'alice0', 'alice.'];
  users.forEach((user) => world.giveKey(user, [`${user}-1`]));
  await Promise.all(users.map((user) => chat.shown(user)));
  const key = world.stored.get('alice LiteLLM').value;
  await chat.models.deleteUserKey({ userId: 'alice', all: true });
  const names = world.documents().map(({ _id }) => _id);
  assert.deepEqual(
    names.sort(),
    users
      .slice(1)
      .map((user) => `/${encodeURIComponent(user)}/LiteLLM`)
      .sort(),
  );
  const before = world.provider.calls.length;
  await Promise.all(users.slice(1).map((user) => chat.shown(user)));
  assert.equal(world.provider.calls.length, before, 'the others are remembered');
  world.saveKey('alice', key);
  await chat.shown('alice');
  assert.equal(world.provider.calls.length, before + 1, 'the list was not remembered either');
});

test('when one key is deleted the list stays, for the next message', async (t) => {
  const { world, chat } = await withLearntKey(t);
  await chat.models.deleteUserKey(OWNER);
  assert.equal(world.documents().length, 1);
  assert.equal(await chat.chat('alice', 'alice-1'), true);
});

test('lists of a tenant go with its user', async (t) => {
  const { world } = await withKeys(t, { era: 'E7' });
  const payload = world.start();
  const { deleteUserKey } = payload.guardUserKeys(world);
  world.giveKey('alice', ['alice-1']);
  await payload.showUserModels({ user: { id: 'alice', tenantId: 'acme' } }, { LiteLLM: [] });
  await payload.showUserModels({ user: { id: 'alice' } }, { LiteLLM: [] });
  const { tenants } = require('./lib/eras');
  await tenants.run({ tenantId: 'acme' }, () => deleteUserKey({ userId: 'alice', all: true }));
  assert.deepEqual(
    world.documents().map(({ _id }) => _id),
    ['/alice/LiteLLM'],
  );
});

test('a database that fails when a user is deleted does not fail the deletion', async (t) => {
  const { world, chat } = await withLearntKey(t);
  world.mongoose.collections.get('dynamic_models').deleteMany = async () => {
    throw new Error('down');
  };
  await chat.models.deleteUserKey({ userId: 'alice', all: true });
  assert.equal(world.stored.size, 0);
});

/* The index. */

test('an index on the owners of keys is made once', async (t) => {
  const { world, chat } = await withLearntKey(t);
  for (let i = 0; i < 3; i++) {
    world.advance(HOUR);
    await chat.shown('alice');
  }
  assert.deepEqual(world.keys.collection.indexes, [{ fields: { userId: 1 }, options: {} }]);
});

test('DYNAMIC_MODELS_KEYS_INDEX=false: no index is made', async (t) => {
  const { world } = await withLearntKey(t, { env: { DYNAMIC_MODELS_KEYS_INDEX: 'false' } });
  assert.deepEqual(world.keys.collection.indexes, []);
});

for (const collection of ['keys', 'dynamic_models']) {
  test(`an index of ${collection} that fails is asked for again after a minute`, async (t) => {
    const { world, chat } = await withKeys(t);
    const { indexes } = Object.assign(
      collection === 'keys'
        ? world.keys.collection
        : world.mongoose.connection.db.collection(collection),
      { failure: Object.assign(new Error('E'), { name: 'MongoServerError', code: 86 }) },
    );
    const refresh = async () => {
      world.giveKey('alice', ['alice-1']);
      world.advance(4 * SECOND);
      assert.deepEqual(await chat.shown('alice'), ['alice-1']);
      await settle();
    };
    await refresh();
    world.advance(MINUTE - 10 * SECOND);
    await refresh();
    assert.equal(indexes.length, 1);
    world.advance(10 * SECOND);
    await refresh();
    assert.equal(indexes.length, 2);
    const lines = world.logs.map(({ level, text }) => `${level} ${text}`);
    const field = collection === 'keys' ? 'userId' : 'expiresAt';
    const line = `[DynamicModels] no index on ${collection}:${field}: MongoServerError 86.`;
    assert.deepEqual(lines, [`warn ${line}`, `debug ${line}`]);
  });
}

test('a model without a collection is looked at without an index', async (t) => {
  const { world, chat } = await withKeys(t);
  world.giveKey('alice', ['alice-1']);
  world.keys.collection = undefined;
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
});

/* Where the model is not to be had. */

test('a query that fails: keys are read one by one, with one warning an hour', async (t) => {
  const { world, chat } = await withKeys(t);
  world.keys.failure = Object.assign(new Error('quotes something'), { name: 'MongoNetworkError' });
  world.giveKey('alice', ['alice-1']);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  world.advance(MINUTE);
  assert.deepEqual(await chat.shown('bob'), ['default-model']);
  const warnings = () => world.logs.filter(({ level }) => level === 'warn');
  assert.deepEqual(
    warnings().map(({ text }) => text),
    ['[DynamicModels] stored keys are read one by one: MongoNetworkError.'],
  );
  world.advance(HOUR);
  await chat.shown('alice');
  assert.equal(warnings().length, 2);
});

test('no model of keys: they are read one by one, and nothing is said', async (t) => {
  const { world, chat } = await withKeys(t);
  world.mongoose.models = {};
  world.giveKey('alice', ['alice-1']);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  await chat.models.deleteUserKey(OWNER);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.deepEqual(world.logs, []);
});

for (const era of Object.keys(ERAS)) {
  test(`${era}: lists are the same with the model of keys and without`, async (t) => {
    const { world, chat } = await withKeys(t, { era });
    world.giveKey('alice', ['alice-1']);
    world.giveKey('bob', ['bob-1'], { expiresAt: new Date(Date.now() - SECOND) });
    world.saveKey('carol', 'undecryptable');
    const lists = async () => {
      world.advance(MINUTE);
      return Promise.all(['alice', 'bob', 'carol', 'dave'].map((user) => chat.shown(user)));
    };
    const expected = [['alice-1'], ['default-model'], ['default-model'], ['default-model']];
    assert.deepEqual(await lists(), expected);
    world.mongoose.models = undefined;
    assert.deepEqual(await lists(), expected);
  });
}
