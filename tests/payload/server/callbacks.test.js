const test = require('node:test');
const assert = require('node:assert/strict');
const dns = require('node:dns');
const http = require('node:http');
const zlib = require('node:zlib');
const { answer, list, makeAsker, sends } = require('./lib/asking');
const { walk } = require('./lib/source');

/**
 * Nothing that goes wrong in the client may end the process. Each function of it is made to throw,
 * one in each run; the runner takes an uncaught exception or rejection as a failure of the test.
 */

/** What catches for all others, and so cannot be made to throw itself; and what is no callback. */
const CATCHERS = new Set(['constructor', 'end', 'fail', 'listen', 'connectionError', 'getBody']);
const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration']);

/** `(cause) => call.fail(cause)`: the last of a chain. */
const isLast = ({ body }) => body.callee?.property?.name === 'fail';
const nameOf = (node, parent) => node.id?.name ?? parent?.key?.name;

/** @returns {string} The code with a call of `fault` at the beginning of each function. */
function withFaults(code, fault) {
  const inserts = [];
  walk(code, (node, parents) => {
    const around = [node, ...parents];
    const names = around.map((one, index) => nameOf(one, around[index + 1]));
    if (!FUNCTIONS.has(node.type) || isLast(node) || names.some((name) => CATCHERS.has(name))) {
      return;
    }
    const { body } = node;
    const call = `${fault}();`;
    if (body.type === 'BlockStatement') {
      inserts.push([body.start + 1, call]);
    } else {
      inserts.push([body.start, `{ ${call} return (`], [body.end, '); }']);
    }
  });
  inserts.sort(([a], [b]) => b - a);
  return inserts.reduce((text, [at, add]) => text.slice(0, at) + add + text.slice(at), code);
}

/** Counts the calls of all functions, and makes one of them throw. */
function makeFaults(t) {
  const faults = { calls: 0, at: -1 };
  globalThis.failOnceInATest = () => {
    faults.calls += 1;
    if (faults.calls - 1 === faults.at) {
      throw new TypeError('a fault');
    }
  };
  t.after(() => delete globalThis.failOnceInATest);
  const changeCode = (code, name) =>
    name === 'http' ? withFaults(code, 'globalThis.failOnceInATest') : code;
  return { faults, changeCode };
}

const GZIPPED = answer(zlib.gzipSync(list('a')), { 'content-encoding': 'gzip' });
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

const SCENES = {
  'a compressed list after two informational answers': sends(
    'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(2),
    GZIPPED,
  ),
  'a body in pieces': sends(CHUNKED, '1\r\n[\r\n'.repeat(5), '0\r\n\r\n'),
  'a flood of informational answers': sends('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(30)),
  'a broken compression': sends(answer('x', { 'content-encoding': 'gzip' })),
  'an unknown compression': sends(answer('x', { 'content-encoding': 'constructor' })),
  'a status with a time to wait': sends(answer('', { 'retry-after': '5' }, '429 Too Many')),
  'a refused key': sends(answer('', {}, '401 Unauthorized')),
  'a redirect': sends(answer('', { location: '/' }, '302 Found')),
  'a body that breaks off': (socket) => socket.end(`${CHUNKED}5\r\n[`),
  'no answer': (socket) => socket.destroy(),
  'no HTTP': sends('rubbish\r\n'),
};

for (const [scene, provider] of Object.entries(SCENES)) {
  test(`${scene}: each function of the client throws once, and the call ends each time`, async (t) => {
    const { faults, changeCode } = makeFaults(t);
    const { ask } = await makeAsker(t, { provider, changeCode });
    const ends = [];
    do {
      faults.at += 1;
      faults.calls = 0;
      const end = await ask().catch((error) => error);
      // Until what was still to be heard of the connection has been heard.
      await new Promise((resolve) => setTimeout(resolve, 1));
      assert.ok(end.models || end.name === 'ModelsError', `fault ${faults.at}: ${end}`);
      assert.notEqual(end.code, 'provider_timeout', `fault ${faults.at}`);
      ends.push(end);
    } while (faults.calls > faults.at);
    assert.ok(ends.length >= 2, `${ends.length} runs`);
  });
}

test('a call that takes too long ends once, whatever is heard afterwards', async (t) => {
  let client;
  const { request } = http;
  t.mock.method(http, 'request', (...args) => {
    client = request(...args);
    return client;
  });
  const env = { DYNAMIC_MODELS_TIMEOUT: '60ms' };
  const { ask } = await makeAsker(t, { provider: () => undefined, env });
  await assert.rejects(ask(), { code: 'provider_timeout' });
  for (const event of ['error', 'information', 'response', 'close']) {
    client.emit(event, new Error('late'));
  }
  assert.equal(client.destroyed, true);
});

test('a listener that Node calls with rubbish fails the call', async (t) => {
  for (const [event, args] of [
    ['response', [undefined]],
    ['response', [{}]],
    ['response', [{ statusCode: 200, headers: {} }]],
    ['error', [undefined]],
    ['error', [{ code: 7 }]],
    ['error', ['text']],
    ['error', [{ code: 'with a secret in it' }]],
  ]) {
    const { request } = http;
    const mocked = t.mock.method(http, 'request', (...all) => {
      const client = request(...all);
      setImmediate(() => client.emit(event, ...args));
      return client;
    });
    const { ask } = await makeAsker(t, { provider: () => undefined });
    await assert.rejects(ask(), {
      name: 'ModelsError',
      code: 'provider_error',
      message: 'The provider could not be reached.',
    });
    mocked.mock.restore();
  }
});

for (const [what, open] of [
  [
    'throws',
    () => {
      throw Object.assign(new Error('quotes a header'), { code: 'ERR_INVALID_CHAR' });
    },
  ],
  [
    'throws nothing in particular',
    () => {
      throw undefined;
    },
  ],
]) {
  test(`a request that ${what} while it is made fails the call`, async (t) => {
    const { ask } = await makeAsker(t, { provider: () => undefined });
    t.mock.method(http, 'request', open);
    await assert.rejects(ask(), {
      code: 'provider_error',
      message: /^The provider could not be reached( \(ERR_INVALID_CHAR\))?\.$/,
    });
  });
}

test('a lookup that throws fails the call', async (t) => {
  const { ask } = await makeAsker(t, { userURL: 'https://models.example.com/v1' });
  t.mock.method(dns, 'lookup', () => {
    throw new TypeError('a fault');
  });
  await assert.rejects(ask(), { name: 'ModelsError', code: 'provider_error' });
});
