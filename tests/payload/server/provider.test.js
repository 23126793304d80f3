const test = require('node:test');
const assert = require('node:assert/strict');
const http = require('node:http');
const zlib = require('node:zlib');
const { once } = require('node:events');
const { HttpsProxyAgent } = require('https-proxy-agent');
const { customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

async function withEndpoint(t, changes = {}, options = {}) {
  const world = await makeWorld(t, {
    ...options,
    endpoints: (provider) => [
      customEndpoint(provider, typeof changes === 'function' ? changes(provider) : changes),
    ],
  });
  const key = world.giveKey('alice', ['alice-1']);
  return { world, key, chat: startLibreChat(world), calls: world.provider.calls };
}

function list(...ids) {
  return JSON.stringify({ data: ids.map((id) => ({ id })) });
}

for (const [what, body, shown] of [
  ['keeps the provider’s order and each id once', list('b', 'a', 'b'), ['b', 'a']],
  [
    'drops ids longer than 256 characters',
    list('x'.repeat(257), 'y'.repeat(256)),
    ['y'.repeat(256)],
  ],
  ['drops what is not an id', '{"data":[null,7,{"id":8},{"id":""},{"id":"a"}]}', ['a']],
  ['drops ids with control characters', list('a\nb', 'ok'), ['ok']],
  ['reads a bare array', '[{"id":"a"}]', ['a']],
  ['refuses HTML', '<html></html>', ['default-model']],
  ['refuses an object without a list', '{"data":{"id":"a"}}', ['default-model']],
  ['refuses null', 'null', ['default-model']],
]) {
  test(`a list: ${what}`, async (t) => {
    const { world, chat } = await withEndpoint(t);
    world.provider.say(body);
    assert.deepEqual(await chat.shown('alice'), shown);
  });
}

test('a list: 2000 models are kept, not one more', async (t) => {
  const { world, chat } = await withEndpoint(t);
  world.provider.say(list(...Array.from({ length: 2100 }, (_, i) => `model-${i}`)));
  const shown = await chat.shown('alice');
  assert.equal(shown.length, 2000);
  assert.equal(shown[1999], 'model-1999');
});

for (const [encoding, encode] of [
  ['gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['br', zlib.brotliCompressSync],
]) {
  test(`a body in ${encoding} is read`, async (t) => {
    const { world, chat } = await withEndpoint(t);
    world.provider.say(encode(list('alice-1')), { 'content-encoding': encoding });
    assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  });
}

test('a body in an unknown encoding, or broken, is refused', async (t) => {
  const { world, chat } = await withEndpoint(t);
  world.provider.say(list('a'), { 'content-encoding': 'rot13' });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  world.advance(31_000);
  world.provider.say('x', { 'content-encoding': 'gzip' });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

for (const [what, body, headers] of [
  ['plain', Buffer.alloc(5 * 1024 * 1024 + 1, ' '), {}],
  ['a small compressed one', zlib.gzipSync(Buffer.alloc(6e6, ' ')), { 'content-encoding': 'gzip' }],
]) {
  test(`a body over 5 MiB is refused: ${what}`, async (t) => {
    const { world, chat } = await withEndpoint(t);
    world.provider.say(body, headers);
    await chat.shown('alice');
    assert.ok(world.logs.some(({ text }) => text.includes('more than 5 MiB')));
  });
}

test('a body that never ends is given up in time', async (t) => {
  const { world, chat } = await withEndpoint(t, {}, { env: { DYNAMIC_MODELS_TIMEOUT: '60ms' } });
  world.provider.behave = (_request, response) => response.write('{"data":[');
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.ok(world.logs.some(({ text }) => text.includes('provider_timeout')));
});

test('a long body of an error is not waited for', async (t) => {
  const { world, chat } = await withEndpoint(t);
  world.provider.fail(500, Buffer.alloc(8e6, ' '));
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

test('a connection that breaks is a provider_error', async (t) => {
  const { world, chat } = await withEndpoint(t);
  world.provider.behave = (request) => request.socket.destroy();
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.ok(world.logs.some(({ text }) => text.includes('ECONNRESET')));
});

for (const [baseURL, path] of [
  ['/v1', '/v1/models'],
  ['/v1///', '/v1/models'],
]) {
  test(`a base URL ending in ${baseURL} asks ${path}`, async (t) => {
    const { chat, calls } = await withEndpoint(t, ({ port }) => ({
      baseURL: `http://127.0.0.1:${port}${baseURL}`,
    }));
    await chat.shown('alice');
    assert.equal(calls[0].path, path);
  });
}

test('a base URL from the environment is resolved', async (t) => {
  const { world, chat } = await withEndpoint(t, { baseURL: '${TEST_BASE_URL}' });
  process.env.TEST_BASE_URL = world.provider.url;
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
});

test('directEndpoint: the base of a full URL is asked', async (t) => {
  const { chat, calls } = await withEndpoint(t, ({ url }) => ({
    directEndpoint: true,
    baseURL: `${url}/chat/completions`,
  }));
  await chat.shown('alice');
  assert.equal(calls[0].path, '/v1/models');
});

test('userIdQuery: the user’s id is sent', async (t) => {
  const models = { default: ['default-model'], fetch: true, userIdQuery: true };
  const { world, chat, calls } = await withEndpoint(t, { models });
  world.giveKey('a&b', ['a']);
  await chat.shown('a&b');
  assert.equal(calls[0].path, '/v1/models?user=a%26b');
});

for (const era of ['E3', 'E4', 'E5', 'E7']) {
  test(`${era}: the administrator’s headers go to the administrator’s URL, filled in`, async (t) => {
    const headers = {
      'X-User': '{{LIBRECHAT_USER_ID}}',
      'X-Env': '${TEST_HEADER}',
      'X-Bad': 'a\nb',
    };
    const env = { TEST_HEADER: 'from the environment' };
    const { chat, calls, key } = await withEndpoint(t, { headers }, { era, env });
    await chat.shown('alice');
    assert.equal(calls[0].headers['x-env'], 'from the environment');
    assert.equal(calls[0].headers['x-user'], era === 'E3' ? '{{LIBRECHAT_USER_ID}}' : 'alice');
    assert.equal(calls[0].headers['x-bad'], undefined);
    assert.equal(calls[0].headers.authorization, `Bearer ${key}`);
  });
}

test('an Authorization of the administrator wins over the key, as it does in chat', async (t) => {
  const { chat, calls } = await withEndpoint(t, { headers: { Authorization: 'Bearer gateway' } });
  await chat.shown('alice');
  assert.equal(calls[0].headers.authorization, 'Bearer gateway');
});

test('the administrator’s key and headers never go to a URL of the user', async (t) => {
  const adminKey = 'sk-of-the-administrator';
  const world = await makeWorld(t, {
    env: { DYNAMIC_MODELS_ALLOW_HTTP: '127.0.0.1' },
    endpoints: (provider) => [
      customEndpoint(provider, {
        apiKey: adminKey,
        baseURL: 'user_provided',
        headers: { 'X-Secret': 'of the administrator' },
      }),
    ],
  });
  world.secrets.add(adminKey);
  const chat = startLibreChat(world);
  world.saveKey('alice', { baseURL: world.provider.url });
  assert.deepEqual(await chat.shown('alice'), ['default-model'], 'without a key of the own');
  assert.equal(world.provider.calls.length, 0);
  const key = world.giveKey('alice', ['alice-1'], { baseURL: world.provider.url });
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  const { headers } = world.provider.calls[0];
  assert.equal(headers.authorization, `Bearer ${key}`);
  assert.equal(headers['x-secret'], undefined);
});

async function startProxy(t) {
  const connects = [];
  const proxy = http.createServer();
  proxy.on('connect', (request, socket) => {
    connects.push(request.url);
    socket.end('HTTP/1.1 503 no\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close());
  return { connects, url: `http://127.0.0.1:${proxy.address().port}` };
}

test('PROXY carries https URLs of the administrator, not those of users', async (t) => {
  const { connects, url } = await startProxy(t);
  const admin = await withEndpoint(
    t,
    { baseURL: 'https://models.example.com/v1' },
    { env: { PROXY: url, DYNAMIC_MODELS_ALLOW_HTTP: '127.0.0.1' } },
  );
  const chat = startLibreChat(admin.world, { 'https-proxy-agent': { HttpsProxyAgent } });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.deepEqual(connects, ['models.example.com:443']);

  admin.world.config.endpoints.custom = [customEndpoint(null, { baseURL: 'user_provided' })];
  admin.world.giveKey('bob', ['x'], { baseURL: 'https://127.0.0.1:1/v1' });
  await chat.shown('bob');
  assert.equal(connects.length, 1);
});

test('the proxy that LibreChat picks itself is used where it does', async (t) => {
  const { world } = await withEndpoint(t, { baseURL: 'https://models.example.com/v1' });
  const asked = [];
  const api = world.era.modules(world)['@librechat/api'];
  const { connects, url } = await startProxy(t);
  const getHttpsProxyAgent = (target) => {
    asked.push(target.hostname);
    return new HttpsProxyAgent(url);
  };
  const chat = startLibreChat(world, { '@librechat/api': { ...api, getHttpsProxyAgent } });
  await chat.shown('alice');
  assert.deepEqual([asked, connects], [['models.example.com'], ['models.example.com:443']]);
});
