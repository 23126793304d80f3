const test = require('node:test');
const assert = require('node:assert/strict');

const FILES = '../../../patches/dynamic-models/files/api/server/services/DynamicModels';
const { learnHash, lookAhead, recallHash } = require(`${FILES}/keyRecords`);

const HOUR = 60 * 60 * 1000;
const hashOf = ({ apiKey }) => `hash of ${apiKey}`;
let users = 0;

/** What a request recalls that looks at the records first. */
async function recall(host, { user, owner, baseURL }) {
  const ahead = lookAhead(host, user);
  return recallHash({ user, name: owner.name, baseURL, ahead });
}

/** A stored key, the host that reads it, and what a request would ask about it. */
function makeStoredKey(expiresAt = new Date(Date.now() + HOUR)) {
  const stored = { record: { _id: 1, value: 'encrypted one', expiresAt }, apiKey: 'one' };
  const model = {
    findOne: () => ({ lean: async () => stored.record }),
    collection: {
      findOne: async ({ _id }) => (stored.record?._id === _id ? stored.record : null),
    },
  };
  const host = {
    getUserKey: async () => JSON.stringify({ apiKey: stored.apiKey }),
    getUserKeyExpiry: async () => ({ expiresAt: stored.record?.expiresAt ?? 'never' }),
    getModel: () => model,
  };
  const question = {
    owner: { userId: 'alice', name: 'LiteLLM', needsURL: false },
    user: `user ${users++}`,
    baseURL: 'https://provider.example',
    hash: 'hash of one',
    hashOf,
  };
  return { stored, host, question };
}

test('the hash of a key that has not changed is recalled without reading the key', async () => {
  for (const expiresAt of [null, new Date(Date.now() + HOUR)]) {
    const { stored, host, question } = makeStoredKey(expiresAt);
    assert.equal(await recall(host, question), undefined);
    await learnHash(host, question);
    stored.record = { ...stored.record, expiresAt: expiresAt && new Date(expiresAt) };
    host.getUserKey = () => assert.fail('the key was read');
    assert.equal(await recall(host, question), 'hash of one');
  }
});

const CHANGES = {
  'was replaced': ({ stored }) => (stored.record = { ...stored.record, value: 'encrypted two' }),
  'was revoked': ({ stored }) => (stored.record = null),
  'was revoked and saved again': ({ stored }) => (stored.record = { ...stored.record, _id: 2 }),
  'got another end': ({ stored }) => (stored.record = { ...stored.record, expiresAt: undefined }),
  'is for another URL': ({ question }) => (question.baseURL = 'https://other.example'),
  'cannot be looked at': ({ host }) => (host.getModel = () => assert.fail()),
  'is for another endpoint': ({ question }) => (question.owner = { name: 'Second' }),
};

for (const [what, change] of Object.entries(CHANGES)) {
  test(`nothing is recalled of a key that ${what}`, async () => {
    const world = makeStoredKey();
    await learnHash(world.host, world.question);
    change(world);
    assert.equal(await recall(world.host, world.question), undefined);
  });
}

test('nothing is recalled of a key that has run out', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { host, question } = makeStoredKey();
  await learnHash(host, question);
  t.mock.timers.tick(HOUR / 2);
  assert.equal(await recall(host, question), 'hash of one');
  t.mock.timers.tick(HOUR / 2);
  assert.equal(await recall(host, question), undefined);
});

test('nothing is learnt when the key changes meanwhile, or where there is no record', async () => {
  const changing = makeStoredKey();
  changing.host.getUserKey = async () => {
    changing.stored.record = { ...changing.stored.record, value: 'encrypted two' };
    return JSON.stringify({ apiKey: 'one' });
  };
  const replaced = makeStoredKey();
  replaced.stored.apiKey = 'two';
  const unknown = makeStoredKey();
  unknown.host.getModel = () => undefined;
  for (const { host, question } of [changing, replaced, unknown]) {
    await learnHash(host, question);
    assert.equal(await recall(host, question), undefined);
  }
});

test('looks are for the keys of this user alone, one for each that is known', async () => {
  const { host, question } = makeStoredKey();
  const second = { ...question, owner: { ...question.owner, name: 'Second' } };
  assert.equal(lookAhead(host, question.user).size, 0);
  await learnHash(host, question);
  await learnHash(host, second);
  await learnHash(host, question);
  assert.deepEqual([...lookAhead(host, question.user).keys()], ['LiteLLM', 'Second']);
  assert.equal(lookAhead(host, 'somebody else').size, 0);
  assert.equal(await recall(host, question), 'hash of one');
  assert.equal(await recall(host, second), 'hash of one');
});

test('a key that is replaced after the look and learnt before it is used is a miss', async () => {
  const { stored, host, question } = makeStoredKey();
  await learnHash(host, question);
  const ahead = lookAhead(host, question.user);
  await ahead.get('LiteLLM');
  Object.assign(stored, { record: { ...stored.record, value: 'encrypted two' }, apiKey: 'two' });
  await learnHash(host, { ...question, hash: 'hash of two' });
  const { user, baseURL } = question;
  assert.equal(await recallHash({ user, name: 'LiteLLM', baseURL, ahead }), undefined);
  assert.equal(await recall(host, question), 'hash of two');
});
