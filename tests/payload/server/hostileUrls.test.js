const test = require('node:test');
const assert = require('node:assert/strict');
const dns = require('node:dns');
const http = require('node:http');
const https = require('node:https');
const { makeAsker } = require('./lib/asking');
const { customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

/** Base URLs that a user stores, or an administrator writes by mistake. Nothing may be opened. */

const BASE = 'https://models.example.com/';
const label = 'a'.repeat(60);
/** @returns {string} A host of that many characters, of labels that are short enough. */
const hostOf = (length) => {
  const labels = `${label}.`.repeat(Math.ceil(length / 61)).slice(0, length);
  return labels.endsWith('.') ? `${labels.slice(0, -1)}a` : labels;
};

/** Fails the test when anything is looked up or connected to. */
function forbidNetwork(t) {
  const opened = [];
  for (const [owner, name] of [
    [http, 'request'],
    [https, 'request'],
    [dns, 'lookup'],
  ]) {
    t.mock.method(owner, name, (...args) => {
      opened.push(String(args[0]));
      throw new Error('nothing may be opened');
    });
  }
  return opened;
}

const LONG = [
  ['a host of 254 characters', `https://${hostOf(254)}/v1`],
  ['a host of 256 characters', `https://${hostOf(256)}/v1`],
  ['a host of 256 characters and a dot', `https://${hostOf(256)}./v1`],
  ['a host that grows to 254 characters in ASCII', `https://${'ü.'.repeat(40)}com/v1`],
  ['a host of 100,000 characters', `https://${hostOf(100_000)}/v1`],
  ['100,000 characters that are not ASCII', `https://${'ü'.repeat(100_000)}/v1`],
  ['2,049 characters', BASE.padEnd(2049, 'x')],
  ['100 KB of slashes', `${BASE}${'/'.repeat(100_000)}`],
  ['100 KB of slashes and a letter', `${BASE}${'/'.repeat(100_000)}x`],
  ['slashes alone', '/'.repeat(100_000)],
  ['a megabyte of host over plain HTTP', `http://${'a'.repeat(1_000_000)}.example.com`],
];
const NO_URLS = [
  'gopher',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:,{"data":[]}',
  'ftp://models.example.com',
  'unix:/var/run/docker.sock',
  'ws://models.example.com',
  'https://:443',
  'https://[::1',
  'https://exa mple.com',
  'https://models.example.com:99999',
  'https://%00.example.com',
  '//models.example.com',
  '\0',
];

for (const directEndpoint of [false, true]) {
  const also = directEndpoint ? ', with directEndpoint' : '';
  for (const [what, url] of [...LONG, ...NO_URLS.map((text) => [JSON.stringify(text), text])]) {
    test(`a user’s URL: ${what}${also}: refused before anything is opened`, async (t) => {
      const { ask } = await makeAsker(t, { userURL: url, changes: { directEndpoint } });
      const opened = forbidNetwork(t);
      await assert.rejects(ask(), { name: 'ModelsError', code: /blocked_url|insecure_url/ });
      assert.deepEqual(opened, []);
    });

    test(`the administrator’s URL: ${what}${also}: refused before anything is opened`, async (t) => {
      const { ask } = await makeAsker(t, { changes: { directEndpoint, baseURL: url } });
      const opened = forbidNetwork(t);
      await assert.rejects(ask(), { name: 'ModelsError', code: /blocked_url|insecure_url/ });
      assert.deepEqual(opened, []);
    });
  }
}

test('with directEndpoint no expression of LibreChat’s sees a URL that is too long', async (t) => {
  const seen = [];
  const host = { extractBaseURL: (url) => seen.push(url) && url };
  const changes = { directEndpoint: true };
  const { ask } = await makeAsker(t, { userURL: BASE.padEnd(2049, 'x'), changes, host });
  await assert.rejects(ask(), { code: 'blocked_url', message: /too long/ });
  assert.deepEqual(seen, []);
});

test('a URL of 2,048 characters is refused in words of its own only when it is longer', async (t) => {
  const { payload } = await makeAsker(t);
  const { checkURL } = payload.file('urls');
  const settings = payload.file('settings').getSettings();
  const check = (text) => checkURL(text, { fromUser: true, settings });
  assert.ok(check(BASE.padEnd(2048, 'x')).url);
  assert.throws(() => check(BASE.padEnd(2049, 'x')), { code: 'blocked_url' });
});

for (const [what, host] of [
  ['253 characters', hostOf(253)],
  ['253 characters and a dot', `${hostOf(253)}.`],
]) {
  test(`a host of ${what} is looked up`, async (t) => {
    const { ask } = await makeAsker(t, { userURL: `https://${host}/v1` });
    const asked = [];
    t.mock.method(dns, 'lookup', (hostname, _options, callback) => {
      asked.push(hostname);
      callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    });
    await assert.rejects(ask(), { code: 'blocked_url' });
    assert.deepEqual(asked, [host]);
  });
}

/* Addresses that are not public, in all their spellings (section D). */

const INSIDE = [
  ...[
    '127.0.0.1',
    '127.255.255.254',
    '2130706433',
    '0x7f000001',
    '017700000001',
    '127.1',
    '127.0.1',
  ],
  ...['0177.0.0.0x1', '0', '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '172.16.0.1'],
  ...['172.31.255.255', '192.168.0.1', '192.168.255.255', '100.64.0.1', '100.127.255.255'],
  ...['169.254.169.254', '169.254.0.1', '192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1'],
  ...['198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1', '240.0.0.1'],
  ...['255.255.255.255', '127.0.0.1.', '１２７.0.0.1', '127。0。0。1', '⑫⑦.0.0.1'],
  ...['[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ...['[::ffff:10.0.0.1]', '[::ffff:169.254.169.254]', '[::127.0.0.1]', '[64:ff9b::10.0.0.1]'],
  ...['[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::1]', '[fc00::1]', '[fdff::1]', '[fe80::1]', '[fec0::1]'],
  ...['[ff02::1]', '[2001::1]', '[2001:1ff:ffff::1]', '[2001:db8::1]', '[2002:7f00:1::]'],
  ...['[2002:a00:1::]', '[3fff::1]', '[3fff:fff:ffff::1]', '[100::1]', '[4000::1]', '[1fff::1]'],
  ...['[5f00::1]', '[::2]', '[::fffe:7f00:1]'],
];

for (const host of INSIDE) {
  for (const around of [(h) => `https://${h}`, (h) => `https://user:word@${h}:8443/v1?x#y`]) {
    const url = around(host);
    test(`a user’s URL ${url} is refused before anything is opened`, async (t) => {
      const { ask } = await makeAsker(t, { userURL: url });
      const opened = forbidNetwork(t);
      await assert.rejects(ask(), { code: 'blocked_url' });
      assert.deepEqual(opened, []);
    });
  }
}

for (const address of [
  ...['1.0.0.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
  ...['128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0'],
  ...['192.0.1.0', '192.0.3.0', '192.88.98.1', '192.88.100.0', '192.167.255.255', '192.169.0.0'],
  ...['198.17.255.255', '198.20.0.0', '198.51.99.1', '198.51.101.0', '203.0.112.1', '203.0.114.0'],
  ...['223.255.255.255', '2000::1', '2001:200::1', '2001:db7::1', '2001:db9::1', '2001:4860::8888'],
  ...['2003::1', '3ffe::1', '3fff:1000::1', '::ffff:8.8.8.8', '64:ff9b::808:808'],
]) {
  test(`${address} is a public address`, async (t) => {
    const { payload } = await makeAsker(t);
    assert.equal(payload.file('urls').isPublic(address), true);
  });
}

test('an address with a zone is judged without it', async (t) => {
  const { payload } = await makeAsker(t);
  const { isPublic } = payload.file('urls');
  assert.equal(isPublic('fe80::1%eth0'), false);
  assert.equal(isPublic('2606:4700::1111%eth0'), true);
});

for (const answer of [
  [null, undefined],
  [null, []],
  [null, [{ address: 'no address', family: 4 }]],
  [null, [{ address: '8.8.8.8', family: 4 }, null]],
  [null, [{ address: '8.8.8.8', family: 4 }, { address: '127.0.0.1' }]],
  [Object.assign(new Error('no'), { code: 'ENOTFOUND' }), undefined],
  [Object.assign(new Error('no'), { code: 'EAI_AGAIN' }), [{ address: '8.8.8.8', family: 4 }]],
]) {
  test(`a lookup that answers ${JSON.stringify(answer)}: the same refusal as for all names`, async (t) => {
    const { ask } = await makeAsker(t, { userURL: 'https://models.example.com/v1' });
    t.mock.method(dns, 'lookup', (_hostname, _options, callback) =>
      setImmediate(callback, ...answer),
    );
    const error = await ask().catch((refusal) => refusal);
    assert.deepEqual(error.toJSON(), {
      code: 'blocked_url',
      message: 'The address does not exist, or is not a public one.',
    });
  });
}

test('names inside and names that do not exist cannot be told apart from the answers', async (t) => {
  const world = await makeWorld(t, {
    endpoints: (provider) => [customEndpoint(provider, { baseURL: 'user_provided' })],
  });
  const names = { 'db.internal.example': '10.0.0.5', 'metadata.example': '169.254.169.254' };
  const { lookup } = dns;
  t.mock.method(dns, 'lookup', (hostname, options, callback) => {
    if (hostname === '127.0.0.1') {
      return lookup(hostname, options, callback);
    }
    const address = names[hostname];
    const missing = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    return callback(address ? null : missing, address && [{ address, family: 4 }]);
  });
  const chat = startLibreChat(world);
  await chat.listen(t);
  const answers = [];
  for (const host of [...Object.keys(names), 'no-such-name.example', '10.0.0.5', '[fd00::1]']) {
    world.giveKey('alice', [], { baseURL: `https://${host}/v1` });
    const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
    answers.push(JSON.stringify([status, body]));
  }
  assert.equal(new Set(answers).size, 1, answers.join('\n'));
});

/* Log lines (row 12). */

test('no host of a user is in a log line, whatever was wrong with it', async (t) => {
  const world = await makeWorld(t, {
    endpoints: (provider) => [customEndpoint(provider, { baseURL: 'user_provided' })],
  });
  t.mock.method(dns, 'lookup', (_hostname, _options, callback) =>
    callback(null, [{ address: '10.0.0.5', family: 4 }]),
  );
  const chat = startLibreChat(world);
  const mark = 'attackers-mark';
  for (const url of [
    `http://${mark}.example.com/v1`,
    `https://${mark}.example.com/v1`,
    `https://${mark}.${hostOf(300)}`,
    `https://${mark}:99999`,
    `${mark}://x`,
    `http://10.0.0.1/${mark}`,
    `http://${mark}${'a'.repeat(4000)}`,
  ]) {
    world.giveKey('alice', [], { baseURL: url });
    await chat.shown('alice');
  }
  const lines = world.logs.map(({ text }) => text);
  assert.equal(lines.length, 7);
  assert.deepEqual(
    lines.filter((line) => line.includes(mark) || line.includes('ALLOW_HTTP')),
    [],
  );
  assert.ok(lines.every((line) => line.endsWith('A user supplied the URL.')));
  const warned = world.logs.filter(({ level }) => level === 'warn');
  assert.deepEqual(
    warned.map(({ text }) => text.match(/insecure_url|blocked_url/)[0]),
    ['insecure_url', 'blocked_url'],
  );
});

test('a log line is cut and has one line of printable characters', async (t) => {
  const name = `a\nb\r\u2028\u202e\x1b[31m${'x'.repeat(2000)}`;
  const world = await makeWorld(t, { endpoints: (p) => [customEndpoint(p, { name })] });
  world.giveKey('alice', ['x'], { endpoint: name });
  world.provider.fail(500);
  await startLibreChat(world).shown('alice', name);
  const [{ text }] = world.logs;
  assert.ok(text.startsWith('[DynamicModels] models of "a?b????[31mxxx'), text);
  assert.ok(text.length <= 520, `${text.length} characters`);
});

test('half a character that was cut in two is not written', async (t) => {
  const world = await makeWorld(t);
  const { write } = world.start().file('log');
  write('warn', `${'x'.repeat(499)}😀`);
  write('warn', 'x'.repeat(501));
  assert.deepEqual(
    world.logs.map(({ text }) => text),
    [`[DynamicModels] ${'x'.repeat(499)}?`, `[DynamicModels] ${'x'.repeat(500)}`],
  );
});

test('a URL of the administrator that is none is told without advice', async (t) => {
  const world = await makeWorld(t, {
    endpoints: (p) => [customEndpoint(p, { baseURL: 'https://[' })],
  });
  world.giveKey('alice', []);
  const chat = startLibreChat(world);
  await chat.listen(t);
  const { status, body } = await chat.post('alice', { endpoint: 'LiteLLM' });
  assert.deepEqual([status, body.error.code], [400, 'blocked_url']);
  assert.deepEqual(
    world.logs.map(({ text }) => text),
    [
      '[DynamicModels] models of "LiteLLM" were not fetched: blocked_url. ' +
        'The base URL is not valid. The URL is in librechat.yaml.',
    ],
  );
});

test('a logger that has nothing but errors gets warnings as such, and the rest is not said', async (t) => {
  const world = await makeWorld(t);
  const error = world.logger.error;
  world.logger = { error };
  const { warnOnce, write } = world.start().file('log');
  warnOnce('topic', 'once');
  warnOnce('topic', 'twice');
  write('error', 'an error');
  assert.deepEqual(world.logs, [
    { level: 'error', text: '[DynamicModels] once' },
    { level: 'error', text: '[DynamicModels] an error' },
  ]);
});

test('a name is looked up with all its addresses, and as Node wants it otherwise', async (t) => {
  const { payload } = await makeAsker(t);
  const settings = payload.file('settings').getSettings();
  const { lookup } = payload.file('urls').checkURL(BASE, { fromUser: true, settings });
  const asked = [];
  t.mock.method(dns, 'lookup', (...args) => asked.push(args.slice(0, 2)));
  lookup('models.example.com', { family: 4, hints: 1 }, () => undefined);
  lookup('models.example.com', { all: false }, () => undefined);
  assert.deepEqual(asked, [
    ['models.example.com', { family: 4, hints: 1, all: true }],
    ['models.example.com', { all: true }],
  ]);
});
