const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const { SECOND, HOUR } = TIMES;

async function listening(t, options) {
  const world = await makeWorld(t, options);
  const chat = startLibreChat(world);
  await chat.listen(t);
  return { world, chat };
}

const http = (p) => [customEndpoint(p, { baseURL: `http://models.example.com:${p.port}/v1` })];
const own = (p) => [customEndpoint(p, { baseURL: 'user_provided' })];
const models = { default: ['default-model'], fetch: false };

/** What is stored for alice, and what refreshing LiteLLM then answers. */
const CASES = [
  ['no key is stored', 400, 'no_user_key', () => undefined],
  ['the stored key is empty', 400, 'no_user_key', (w) => w.saveKey('alice', { apiKey: ' ' })],
  ['the stored key is not JSON', 400, 'invalid_user_key', (w) => w.saveKey('alice', w.newKey())],
  ['the stored key is null', 400, 'invalid_user_key', (w) => w.saveKey('alice', 'null')],
  ['the stored key is a number', 400, 'invalid_user_key', (w) => w.saveKey('alice', '7')],
  [
    'no header can carry the key',
    400,
    'invalid_user_key',
    (w) => w.saveKey('alice', { apiKey: `${w.newKey()}\n${w.newKey()}` }),
  ],
  ['it cannot be decrypted', 400, 'invalid_user_key', (w) => w.saveKey('alice', 'undecryptable')],
  [
    'the key has expired',
    400,
    'expired_user_key',
    (w) => w.giveKey('alice', ['x'], { expiresAt: new Date(Date.now() - SECOND) }),
  ],
  [
    'the URL is plain HTTP to a public host',
    400,
    'insecure_url',
    (w) => w.giveKey('alice', []),
    http,
  ],
  [
    'the user’s URL is plain HTTP',
    400,
    'insecure_url',
    (w) => w.giveKey('alice', [], { baseURL: 'http://models.example.com' }),
    own,
  ],
  [
    'the user’s URL is not public',
    400,
    'blocked_url',
    (w) => w.giveKey('alice', [], { baseURL: 'https://10.0.0.1' }),
    own,
  ],
  ['the user has stored no URL', 400, 'invalid_user_key', (w) => w.giveKey('alice', []), own],
  [
    'the user’s URL is none',
    400,
    'blocked_url',
    (w) => w.giveKey('alice', [], { baseURL: 'gopher' }),
    own,
  ],
  [
    'fetch is not on',
    400,
    'fetch_disabled',
    () => undefined,
    (p) => [customEndpoint(p, { models })],
  ],
  [
    'the key is the administrator’s',
    400,
    'fetch_disabled',
    () => undefined,
    (p) => [customEndpoint(p, { apiKey: 'x' })],
  ],
  ['there is no such endpoint', 404, 'endpoint_not_found', () => undefined, () => []],
  ['the provider refuses the key', 502, 'provider_unauthorized', (w) => w.giveKey('alice')],
  [
    'the provider fails',
    502,
    'provider_error',
    (w) => w.giveKey('alice', ['x']) && w.provider.fail(503),
  ],
  [
    'the provider redirects',
    502,
    'provider_error',
    (w) => w.giveKey('alice', ['x']) && w.provider.fail(302, '', { location: '/v1/models?again' }),
  ],
  [
    'the provider sends rubbish',
    502,
    'invalid_response',
    (w) => w.giveKey('alice', ['x']) && w.provider.say('<html>'),
  ],
  [
    'the provider does not answer',
    504,
    'provider_timeout',
    (w) => {
      w.giveKey('alice', ['x']);
      w.provider.behave = () => undefined;
    },
  ],
];

for (const [what, status, code, arrange, endpoints] of CASES) {
  test(`${what}: ${status} ${code}`, async (t) => {
    const env = code === 'provider_timeout' ? { DYNAMIC_MODELS_TIMEOUT: '60ms' } : {};
    const { world, chat } = await listening(t, { endpoints, env });
    arrange(world);
    const answer = await chat.post('alice', { endpoint: 'LiteLLM' });
    assert.deepEqual([answer.status, answer.body.error?.code], [status, code]);
    assert.deepEqual(Object.keys(answer.body), ['error']);
    assert.deepEqual(Object.keys(answer.body.error), ['code', 'message']);
    assert.ok(world.provider.calls.length <= 1, 'redirects are not followed');
  });
}

for (const body of [
  [],
  { endpoint: 7 },
  { endpoint: '' },
  { endpoint: null },
  { endpoint: 'LiteLLM', maxAge: -1 },
  { maxAge: '60' },
  { maxAge: null },
]) {
  test(`the body ${JSON.stringify(body)}: 400 invalid_request`, async (t) => {
    const { chat } = await listening(t);
    const answer = await chat.post('alice', body);
    assert.deepEqual([answer.status, answer.body.error.code], [400, 'invalid_request']);
  });
}

test('switched off: 400 fetch_disabled for one endpoint, nothing for all', async (t) => {
  const { world, chat } = await listening(t, { env: { DYNAMIC_MODELS_ENABLED: 'false' } });
  world.giveKey('alice', ['alice-1']);
  const one = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual([one.status, one.body.error.code], [400, 'fetch_disabled']);
  assert.deepEqual((await chat.post('alice', {})).body, { endpoints: {} });
  assert.equal(world.provider.calls.length, 0);
});

test('more than thirty requests a minute: 429 with Retry-After, for that user only', async (t) => {
  const { world, chat } = await listening(t);
  for (let i = 0; i < 30; i++) {
    assert.equal((await chat.post('alice', {})).status, 200);
  }
  const refused = await chat.post('alice', {});
  assert.deepEqual([refused.status, refused.body.error.code], [429, 'too_many_requests']);
  const wait = Number(refused.headers.get('retry-after'));
  assert.ok(wait > 0 && wait <= 60, `${wait} seconds`);
  assert.equal((await chat.post('bob', {})).status, 200);
  world.advance(wait * SECOND);
  assert.equal((await chat.post('alice', {})).status, 200);
});

test('a provider that answers with the key in its body is not quoted', async (t) => {
  const { world, chat } = await listening(t);
  const key = world.giveKey('alice', ['x']);
  world.provider.fail(500, JSON.stringify({ error: `the key ${key} is out of budget` }));
  assert.equal((await chat.post('alice', { endpoint: 'LiteLLM' })).status, 502);
  world.advance(HOUR);
  world.provider.say(`not json ${key}`);
  assert.equal((await chat.post('alice', { endpoint: 'LiteLLM' })).status, 502);
});

test('credentials in a URL of the administrator are not quoted', async (t) => {
  const secret = 'url-password-of-the-administrator';
  const { world, chat } = await listening(t, {
    endpoints: (p) => [
      customEndpoint(p, { baseURL: `http://admin:${secret}@models.example.com/v1` }),
    ],
  });
  world.secrets.add(secret);
  world.giveKey('alice', ['x']);
  const { body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.equal(body.error.code, 'insecure_url');
});
