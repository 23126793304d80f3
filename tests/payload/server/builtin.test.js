const test = require('node:test');
const assert = require('node:assert/strict');
const { makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const OWN = {
  openAI: ['gpt-5', 'gpt-4o'],
  assistants: ['gpt-4'],
  anthropic: ['claude-3'],
  google: ['gemini-1.5'],
  LiteLLM: ['default-model'],
};

/** A world in which users bring keys for all built-in endpoints, which the mock provider plays. */
async function makeBuiltIn(t, { era = 'E6', env = {}, behave } = {}) {
  const world = await makeWorld(t, { era, endpoints: () => [] });
  const { port } = world.provider;
  Object.assign(process.env, {
    OPENAI_API_KEY: 'user_provided',
    OPENAI_REVERSE_PROXY: `http://127.0.0.1:${port}/v1/chat/completions`,
    ASSISTANTS_API_KEY: 'user_provided',
    ASSISTANTS_BASE_URL: `http://127.0.0.1:${port}/v1`,
    ANTHROPIC_API_KEY: 'user_provided',
    ANTHROPIC_REVERSE_PROXY: `http://127.0.0.1:${port}`,
    GOOGLE_KEY: 'user_provided',
    GOOGLE_REVERSE_PROXY: `http://127.0.0.1:${port}/`,
    ...env,
  });
  world.provider.behave = behave ?? null;
  const chat = startLibreChat(world);
  await chat.listen(t);
  const base = Object.freeze(structuredClone(OWN));
  return {
    world,
    chat,
    base,
    shown: (user) => chat.payload.showUserModels(chat.request(user), base),
    accepted: (user, body) => {
      const { getModelsConfig } = chat.payload.withUserModels({
        getModelsConfig: async () => base,
      });
      return getModelsConfig({ ...chat.request(user), body });
    },
  };
}

/** What the key dialog stores for each endpoint. */
const STORED = {
  openAI: (apiKey) => JSON.stringify({ apiKey, baseURL: '' }),
  assistants: (apiKey) => JSON.stringify({ apiKey, baseURL: '' }),
  anthropic: (apiKey) => apiKey,
  google: (apiKey) => JSON.stringify({ GOOGLE_API_KEY: apiKey }),
};

function save(world, endpoint, user = 'alice') {
  const key = world.newKey(user);
  world.saveKey(user, STORED[endpoint](key), { endpoint });
  return key;
}

const reply = (response, body, status = 200) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

/** Three pages of Anthropic's list. */
function anthropicPages(request, response) {
  const after = new URL(request.url, 'http://x').searchParams.get('after_id');
  const number = after === null ? 1 : Number(after.split('-')[1]) + 1;
  const id = `claude-${number}`;
  const data = [{ type: 'model', id, display_name: id, created_at: '2025-01-01T00:00:00Z' }];
  reply(response, { data, has_more: number < 3, first_id: id, last_id: id });
}

/** Two pages of Google's list, with what cannot be chatted with among it. */
function googlePages(request, response) {
  const token = new URL(request.url, 'http://x').searchParams.get('pageToken');
  const model = (name, ...methods) => ({ name, supportedGenerationMethods: methods });
  if (token === null) {
    const models = [
      model('models/gemini-9', 'generateContent', 'countTokens'),
      model('models/embedding-9', 'embedContent'),
    ];
    return reply(response, { models, nextPageToken: 'tok/en=2' });
  }
  return reply(response, { models: [model('models/gemma-9', 'generateContent')] });
}

const openAIList = (request, response) =>
  reply(response, { object: 'list', data: [{ id: 'mine-1' }, { id: 'mine-2' }] });

for (const [endpoint, behave, list, paths, header] of [
  ['openAI', openAIList, ['mine-1', 'mine-2'], ['/v1/models'], 'authorization'],
  ['assistants', openAIList, ['mine-1', 'mine-2'], ['/v1/models'], 'authorization'],
  [
    'anthropic',
    anthropicPages,
    ['claude-1', 'claude-2', 'claude-3'],
    [
      '/v1/models?limit=1000',
      '/v1/models?limit=1000&after_id=claude-1',
      '/v1/models?limit=1000&after_id=claude-2',
    ],
    'x-api-key',
  ],
  [
    'google',
    googlePages,
    ['gemini-9', 'gemma-9'],
    ['/v1beta/models?pageSize=1000', '/v1beta/models?pageSize=1000&pageToken=tok%2Fen%3D2'],
    'x-goog-api-key',
  ],
]) {
  for (const era of ['E1', 'E3', 'E5', 'E6', 'E7']) {
    test(`${endpoint}, ${era}: the list of the user's key, asked for once, shown and accepted`, async (t) => {
      const { world, shown, accepted, base } = await makeBuiltIn(t, { era, behave });
      const key = save(world, endpoint);
      assert.deepEqual(await shown('alice'), { ...base, [endpoint]: list });
      await Promise.all(Array.from({ length: 10 }, () => shown('alice')));
      assert.deepEqual(
        world.provider.calls.map(({ path }) => path),
        paths,
      );
      for (const { headers } of world.provider.calls) {
        assert.equal(headers[header].replace('Bearer ', ''), key);
      }
      const legal = (await accepted('alice', { endpoint, model: list[0] }))[endpoint];
      assert.deepEqual(legal, [...new Set([...list, ...OWN[endpoint]])]);
    });
  }

  test(`${endpoint}: the provider fails, then the key is refused, then revoked`, async (t) => {
    const { world, chat, shown, accepted, base } = await makeBuiltIn(t, { behave });
    save(world, endpoint);
    await shown('alice');
    world.provider.fail(500);
    const kept = await chat.post('alice', { endpoint });
    assert.equal(kept.body.source, 'stale');
    assert.deepEqual(await shown('alice'), { ...base, [endpoint]: list });
    world.advance(60_000);
    world.provider.fail(endpoint === 'google' ? 400 : 401);
    const refused = await chat.post('alice', { endpoint });
    assert.equal(refused.body.error.code, 'provider_unauthorized');
    assert.equal(await shown('alice'), base);
    const body = { endpoint, model: list[0] };
    assert.ok((await accepted('alice', body))[endpoint].includes(list[0]), 'no violation');
    world.revokeKey('alice', endpoint);
    assert.equal(await shown('alice'), base);
    assert.ok((await accepted('alice', body))[endpoint].includes(list[0]), 'no violation');
  });

  test(`${endpoint}: without a key, and switched off, LibreChat's own map, the very same`, async (t) => {
    const { shown, base, world } = await makeBuiltIn(t, { behave });
    assert.equal(await shown('carol'), base);
    assert.equal(world.provider.calls.length, 0);
    process.env.DYNAMIC_MODELS_BUILT_IN = 'false';
    save(world, endpoint, 'carol');
    const chat = startLibreChat(world);
    assert.equal(await chat.payload.showUserModels(chat.request('carol'), base), base);
    assert.equal(world.provider.calls.length, 0);
  });
}

for (const [endpoint, env] of [
  ['openAI', { OPENAI_MODELS: 'a,b' }],
  ['openAI', { OPENAI_API_KEY: 'sk-of-the-system', OPENAI_REVERSE_PROXY: '' }],
  ['openAI', { OPENROUTER_API_KEY: 'sk-of-the-system' }],
  ['assistants', { ASSISTANTS_MODELS: 'a,b' }],
  ['anthropic', { ANTHROPIC_MODELS: 'a,b' }],
  ['anthropic', { ANTHROPIC_USE_VERTEX: 'true' }],
  ['google', { GOOGLE_MODELS: 'a,b' }],
  ['google', { GOOGLE_KEY: 'key-of-the-system' }],
]) {
  test(`${endpoint} is left alone with ${Object.keys(env)}`, async (t) => {
    const { world, shown, base } = await makeBuiltIn(t, { env, behave: openAIList, era: 'E1' });
    save(world, endpoint);
    assert.equal(await shown('alice'), base);
    assert.equal(world.provider.calls.length, 0);
  });
}

test('a service account, alone or before v0.7.9-rc1 beside a key, gets no list', async (t) => {
  const { world, chat, shown, base } = await makeBuiltIn(t, { behave: googlePages });
  const GOOGLE_SERVICE_KEY = JSON.stringify({ project_id: 'p' });
  const key = world.newKey('alice');
  for (const stored of [{ GOOGLE_SERVICE_KEY }, { GOOGLE_SERVICE_KEY, GOOGLE_API_KEY: key }]) {
    world.saveKey('alice', stored, { endpoint: 'google' });
    assert.equal(await shown('alice'), base);
    assert.deepEqual((await chat.post('alice', {})).body, { endpoints: {} });
  }
  assert.equal(world.provider.calls.length, 0);
});

test('a URL that a user could bring for openAI and did not is that of OpenAI', async (t) => {
  const { world, chat } = await makeBuiltIn(t, { env: { OPENAI_REVERSE_PROXY: 'user_provided' } });
  const { makeContext } = chat.payload.file('resolver');
  const { endpoints } = await makeContext(chat.request('alice'));
  const openAI = endpoints.find(({ name }) => name === 'openAI');
  assert.equal(openAI.baseURL, undefined);
  assert.equal(openAI.fallbackURL, 'https://api.openai.com/v1');
  world.saveKey('alice', STORED.openAI(world.newKey()).replace('""', '"http://10.0.0.1/v1"'), {
    endpoint: 'openAI',
  });
  const { body } = await chat.post('alice', { endpoint: 'openAI' });
  assert.equal(body.error.code, 'insecure_url');
});

test("OpenAI's own list is filtered and ordered as the release does", async (t) => {
  const { chat } = await makeBuiltIn(t);
  const { OPENAI, OPENAI_URL } = chat.payload.file('shapes');
  const listed = [
    ...['gpt-3.5-turbo-instruct', 'gpt-4o', 'gpt-4o-audio', 'o1-mini', 'o3', 'dall-e-3'],
    ...['text-davinci-003', 'chat-latest', 'whisper-1'],
  ];
  const { getHost } = chat.payload.file('host');
  const of = (openAIModels) => OPENAI.arrange(listed, OPENAI_URL, { ...getHost(), openAIModels });
  const exclude = /audio|realtime/;
  assert.deepEqual(of({ include: /(text-davinci-003|gpt-)/ }), [
    ...['gpt-4o', 'gpt-4o-audio', 'text-davinci-003', 'gpt-3.5-turbo-instruct'],
  ]);
  assert.deepEqual(of({ include: /(text-davinci-003|gpt-|o\d+|chat-latest)/, exclude }), [
    ...['gpt-4o', 'o1-mini', 'o3', 'text-davinci-003', 'chat-latest', 'gpt-3.5-turbo-instruct'],
  ]);
  assert.deepEqual(OPENAI.arrange(listed, 'https://proxy.example/v1', getHost()), listed);
});

test('a page that names itself as the next one is asked for twice, not for ever', async (t) => {
  const { world, shown, base } = await makeBuiltIn(t, {
    behave: (request, response) =>
      reply(response, { data: [{ id: 'claude-1' }], has_more: true, last_id: 'claude-1' }),
  });
  save(world, 'anthropic');
  assert.deepEqual(await shown('alice'), { ...base, anthropic: ['claude-1'] });
  assert.equal(world.provider.calls.length, 2);
});

test('filters reach built-in endpoints, by name', async (t) => {
  const env = { DYNAMIC_MODELS_EXCLUDE: 'openAI:mine-1' };
  const { world, shown, base } = await makeBuiltIn(t, { env, behave: openAIList });
  save(world, 'openAI');
  assert.deepEqual(await shown('alice'), { ...base, openAI: ['mine-2'] });
});
