const test = require('node:test');
const assert = require('node:assert/strict');
const dns = require('node:dns');
const { isIP } = require('node:net');
const { customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

/** Makes names resolve as a test wants; addresses are left to Node, which listens on some. */
function resolveTo(t, ...answers) {
  const asked = [];
  const { lookup } = dns;
  t.mock.method(dns, 'lookup', (hostname, options, callback) => {
    if (isIP(hostname)) {
      return lookup(hostname, options, callback);
    }
    asked.push(hostname);
    const addresses = answers[Math.min(asked.length, answers.length) - 1];
    return callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  });
  return asked;
}

/** A user whose endpoint takes the URL from the user. */
async function withUserURL(t, baseURL, { env = {}, allowedAddresses } = {}) {
  const world = await makeWorld(t, {
    env,
    endpoints: (provider) => [customEndpoint(provider, { baseURL: 'user_provided' })],
  });
  world.config.endpoints.allowedAddresses = allowedAddresses?.(world.provider);
  const url = typeof baseURL === 'function' ? baseURL(world.provider) : baseURL;
  world.giveKey('alice', ['alice-1'], { baseURL: url });
  return { world, chat: startLibreChat(world) };
}

/** An administrator's URL on the mock provider, reached under the given name. */
async function withAdminURL(t, host, env = {}) {
  const world = await makeWorld(t, {
    env,
    endpoints: (p) => [customEndpoint(p, { baseURL: `http://${host}:${p.port}/v1` })],
  });
  world.giveKey('alice', ['alice-1']);
  return { world, chat: startLibreChat(world) };
}

async function assertRefused({ world, chat }, code) {
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.equal(world.provider.calls.length, 0, 'no connection');
  assert.ok(
    world.logs.some(({ level, text }) => level === 'warn' && text.includes(code)),
    `${code} in ${world.logs.map(({ text }) => text)}`,
  );
}

const FORMS_OF_LOOPBACK = [
  'https://127.0.0.1',
  'https://2130706433',
  'https://0177.0.0.1',
  'https://0x7f.1',
  'https://127.1',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://[64:ff9b::127.0.0.1]',
  'https://0.0.0.0',
];
const OTHERS_NOT_PUBLIC = [
  'https://10.1.2.3',
  'https://172.16.0.1',
  'https://192.168.0.1',
  'https://100.64.0.1',
  'https://169.254.169.254',
  'https://[fd00::1]',
  'https://[fe80::1]',
  'https://[2002:7f00:1::]',
  'https://[::]',
  'https://224.0.0.1',
];

for (const form of [...FORMS_OF_LOOPBACK, ...OTHERS_NOT_PUBLIC]) {
  test(`a user’s URL ${form} is blocked before a connection`, async (t) => {
    const asked = resolveTo(t, ['203.0.113.1']);
    await assertRefused(await withUserURL(t, `${form}/v1`), 'blocked_url');
    assert.deepEqual(asked, []);
  });
}

for (const addresses of [
  ['127.0.0.1'],
  ['8.8.8.8', '10.0.0.1'],
  ['::1'],
  ['::ffff:10.0.0.1'],
  ['169.254.169.254'],
]) {
  test(`a user’s URL whose name resolves to ${addresses} is blocked`, async (t) => {
    const asked = resolveTo(t, addresses);
    await assertRefused(await withUserURL(t, 'https://models.example.com/v1'), 'blocked_url');
    assert.deepEqual(asked, ['models.example.com'], 'the lookup of the connection was checked');
  });
}

test('a name that changes its answer is checked at each connection', async (t) => {
  const asked = resolveTo(t, ['127.0.0.1'], ['10.0.0.1']);
  const fixture = await withUserURL(t, 'https://models.example.com/v1');
  await assertRefused(fixture, 'blocked_url');
  fixture.world.advance(31_000);
  await assertRefused(fixture, 'blocked_url');
  assert.equal(asked.length, 2);
});

test('a user’s URL over plain HTTP is refused, whatever it resolves to', async (t) => {
  const asked = resolveTo(t, ['8.8.8.8']);
  await assertRefused(await withUserURL(t, 'http://models.example.com/v1'), 'insecure_url');
  assert.deepEqual(asked, []);
});

test('a user’s URL that DYNAMIC_MODELS_ALLOW_HTTP lists is fetched', async (t) => {
  const env = { DYNAMIC_MODELS_ALLOW_HTTP: 'other:1, 127.0.0.1' };
  const { chat } = await withUserURL(t, ({ url }) => url, { env });
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
});

test('a user’s URL that endpoints.allowedAddresses lists with its port is fetched', async (t) => {
  const allowedAddresses = ({ port }) => [`127.0.0.1:${port}`];
  const { chat } = await withUserURL(t, ({ url }) => url, { allowedAddresses });
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
});

test('a name that resolves to an address in endpoints.allowedAddresses may be connected to', async (t) => {
  const world = await makeWorld(t);
  const settings = world.start().file('settings').getSettings();
  const { checkURL } = world.start().file('urls');
  const options = {
    fromUser: true,
    settings,
    allowedAddresses: ['10.0.0.1:8443', '[fd00::1]:443'],
  };
  resolveTo(t, ['10.0.0.1'], ['10.0.0.1'], ['fd00::1']);
  const run = (url) =>
    new Promise((resolve) => checkURL(url, options).lookup('models.example.com', {}, resolve));
  assert.equal(await run('https://models.example.com:8443'), null);
  assert.equal((await run('https://models.example.com')).code, 'blocked_url');
  assert.equal(await run('https://models.example.com'), null);
});

test('endpoints.allowedAddresses without a port, or with another, allows nothing', async (t) => {
  const allowedAddresses = () => ['127.0.0.1', '127.0.0.1:1', 7];
  const fixture = await withUserURL(t, ({ url }) => url, { allowedAddresses });
  await assertRefused(fixture, 'insecure_url');
});

for (const [host, addresses] of [
  ['127.0.0.1', null],
  ['litellm', ['127.0.0.1']],
  ['litellm.internal', ['127.0.0.1']],
  ['litellm.local', ['127.0.0.1']],
]) {
  test(`the administrator’s http://${host} is fetched`, async (t) => {
    if (addresses) {
      resolveTo(t, addresses);
    }
    const { chat } = await withAdminURL(t, host);
    assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  });
}

test('the administrator’s plain HTTP to a public name is refused, with the line to add', async (t) => {
  const fixture = await withAdminURL(t, 'models.example.com');
  await assertRefused(fixture, 'insecure_url');
  const { port } = fixture.world.provider;
  const line = `DYNAMIC_MODELS_ALLOW_HTTP=models.example.com:${port}`;
  await fixture.chat.shown('alice');
  fixture.world.advance(31_000);
  await fixture.chat.shown('alice');
  fixture.world.advance(25 * 3600_000);
  await fixture.chat.shown('alice');
  const warnings = fixture.world.logs.filter(({ level }) => level === 'warn');
  assert.equal(warnings.length, 1, 'once per endpoint');
  assert.ok(warnings[0].text.endsWith(line), warnings[0].text);
});

test('the administrator’s plain HTTP to a public address is refused', async (t) => {
  await assertRefused(await withAdminURL(t, '8.8.8.8'), 'insecure_url');
});

test('the administrator’s plain HTTP to a listed host is fetched', async (t) => {
  resolveTo(t, ['127.0.0.1']);
  const env = { DYNAMIC_MODELS_ALLOW_HTTP: 'models.example.com' };
  const world = await makeWorld(t, {
    env,
    endpoints: (p) => [customEndpoint(p, { baseURL: `http://models.example.com:${p.port}/v1` })],
  });
  const { checkURL } = world.start().file('urls');
  const { getSettings } = world.start().file('settings');
  const options = { fromUser: false, settings: getSettings() };
  assert.equal(checkURL('http://models.example.com:81/v1', options).lookup, undefined);
  assert.throws(() => checkURL('http://other.example.com/v1', options), { code: 'insecure_url' });
});

test('DYNAMIC_MODELS_HTTPS_ONLY refuses what would be allowed otherwise', async (t) => {
  const env = { DYNAMIC_MODELS_HTTPS_ONLY: 'true', DYNAMIC_MODELS_ALLOW_HTTP: '127.0.0.1' };
  const fixture = await withAdminURL(t, '127.0.0.1', env);
  await assertRefused(fixture, 'insecure_url');
  assert.ok(
    fixture.world.logs.some(({ text }) => text.includes('DYNAMIC_MODELS_HTTPS_ONLY is set')),
  );
});

test('a redirect, also to a private address, is not followed', async (t) => {
  const { world, chat } = await withAdminURL(t, '127.0.0.1');
  const location = `http://127.0.0.1:${world.provider.port}/secret`;
  world.provider.fail(307, '', { location });
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
  assert.deepEqual(
    world.provider.calls.map(({ path }) => path),
    ['/v1/models'],
  );
});

test('an address is checked with and without all: true', async (t) => {
  const world = await makeWorld(t);
  const payload = world.start();
  const settings = payload.file('settings').getSettings();
  const { checkURL } = payload.file('urls');
  const { lookup } = checkURL('https://models.example.com', { fromUser: true, settings });
  const run = (options) =>
    new Promise((resolve) => lookup('models.example.com', options, (...args) => resolve(args)));

  resolveTo(t, ['8.8.8.8'], ['8.8.8.8'], ['10.0.0.1'], ['10.0.0.1'], []);
  assert.deepEqual(await run({}), [null, '8.8.8.8', 4]);
  assert.deepEqual(await run({ all: true }), [null, [{ address: '8.8.8.8', family: 4 }]]);
  assert.equal((await run({}))[0].code, 'blocked_url');
  assert.equal((await run({ all: true }))[0].code, 'blocked_url');
  assert.equal((await run({ all: true }))[0].code, 'blocked_url');
});

test('public addresses are public', async (t) => {
  const { isPublic } = (await makeWorld(t)).start().file('urls');
  for (const address of [
    '8.8.8.8',
    '1.1.1.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '172.32.0.1',
  ]) {
    assert.equal(isPublic(address), true, address);
  }
});
