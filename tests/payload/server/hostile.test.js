const test = require('node:test');
const assert = require('node:assert/strict');
const zlib = require('node:zlib');
const { answer, list, makeAsker, sends } = require('./lib/asking');
const { waitFor } = require('./lib/wait');

/**
 * What a provider may send without harming the server. All of it goes through the real client; the
 * provider writes raw bytes. Time is never measured: a call that is given up is told from one that
 * was waited for by its error.
 */

const MIB = 1024 * 1024;
const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const GZIP = { 'content-encoding': 'gzip' };

async function assertFails(t, provider, code, message = /./, options = {}) {
  const { ask } = await makeAsker(t, { provider, ...options });
  await assert.rejects(ask(), (error) => {
    assert.equal(error.name, 'ModelsError');
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

async function assertLists(t, provider, models, options = {}) {
  const { ask } = await makeAsker(t, { provider, ...options });
  assert.deepEqual((await ask()).models, models);
}

/* Encodings (rows 1 and 10). */

for (const encoding of [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'gzip, gzip',
  'gzip;q=1',
  'zstd',
  'x'.repeat(8000),
]) {
  test(`content-encoding ${encoding.slice(0, 20)} is an invalid answer`, (t) =>
    assertFails(t, sends(answer(list('a'), { 'content-encoding': encoding })), 'invalid_response'));
}

test('two content-encoding headers are an invalid answer', (t) =>
  assertFails(
    t,
    sends(answer(zlib.gzipSync(list('a')), { 'content-encoding': ['gzip', 'gzip'] })),
    'invalid_response',
  ));

for (const encoding of ['identity', '', 'IDENTITY']) {
  test(`content-encoding "${encoding}" is read as it is`, (t) =>
    assertLists(t, sends(answer(list('a'), { 'content-encoding': encoding })), ['a']));
}

for (const encoding of ['x-gzip', 'GZIP', ' gzip ']) {
  test(`content-encoding "${encoding}" is gzip`, (t) =>
    assertLists(t, sends(answer(zlib.gzipSync(list('a')), { 'content-encoding': encoding })), [
      'a',
    ]));
}

const COMPRESSED = {
  gzip: zlib.gzipSync(list('alice-1')),
  deflate: zlib.deflateSync(list('alice-1')),
  br: zlib.brotliCompressSync(list('alice-1')),
};

for (const [encoding, whole] of Object.entries(COMPRESSED)) {
  const corrupt = Buffer.from(whole);
  corrupt.fill(0xff, 2, whole.length - 2);
  for (const [what, body] of [
    ['cut short', whole.subarray(0, -6)],
    ['cut to one byte', whole.subarray(0, 1)],
    ['empty', Buffer.alloc(0)],
    ['corrupt', corrupt],
    ['plain text', Buffer.from(list('alice-1'))],
  ]) {
    test(`${encoding}: a body that is ${what} is an invalid answer`, (t) =>
      assertFails(
        t,
        sends(answer(body, { 'content-encoding': encoding })),
        'invalid_response',
        /did not answer with a list/,
      ));
  }
}

/* Sizes (rows 3 to 6). */

test('a body of 5 MiB is read', (t) =>
  assertLists(t, sends(answer(list('a').padEnd(5 * MIB))), ['a']));

test('a body of one byte more is refused', (t) =>
  assertFails(
    t,
    sends(answer(list('a').padEnd(5 * MIB + 1))),
    'invalid_response',
    /more than 5 MiB/,
  ));

for (const [encoding, compress] of [
  ['gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['br', zlib.brotliCompressSync],
]) {
  test(`${encoding}: what unpacks to 5 MiB is read, and to one byte more is refused`, async (t) => {
    const packed = (length) =>
      sends(answer(compress(list('a').padEnd(length)), { 'content-encoding': encoding }));
    await assertLists(t, packed(5 * MIB), ['a']);
    await assertFails(t, packed(5 * MIB + 1), 'invalid_response', /more than 5 MiB/);
  });
}

test('a body in eight thousand pieces is read', (t) =>
  assertLists(t, sends(CHUNKED, chunk(list('a')), chunk(' ').repeat(7_999), chunk('')), ['a']));

test('a body in one piece more is given up while it arrives', (t) =>
  assertFails(
    t,
    sends(CHUNKED, chunk(list('a')), chunk(' ').repeat(8_000)),
    'invalid_response',
    /too many small pieces/,
  ));

const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\n\r\n';

test('twenty informational answers before the real one are passed over', (t) =>
  assertLists(t, sends(EARLY_HINTS.repeat(20), answer(list('a'))), ['a']));

for (const informational of [EARLY_HINTS, 'HTTP/1.1 100 Continue\r\n\r\n']) {
  const [status] = informational.match(/\d{3}/);
  test(`a flood of ${status} answers is given up while it arrives`, (t) =>
    assertFails(t, sends(informational.repeat(21)), 'invalid_response'));
}

test('headers of more than 16 KiB are refused', (t) =>
  assertFails(
    t,
    sends(answer(list('a'), { 'x-flood': 'x'.repeat(17 * 1024) })),
    'provider_error',
    /HPE_HEADER_OVERFLOW/,
  ));

test('headers of less than 16 KiB are read', (t) =>
  assertLists(t, sends(answer(list('a'), { 'x-long': 'x'.repeat(15 * 1024) })), ['a']));

test('headers after the two hundredth are not looked at', (t) => {
  const many = { 'x-h': Array(198).fill('v') };
  const encoded = { ...many, 'x-last': 'v', 'content-encoding': 'rot13' };
  return assertLists(t, sends(answer(list('a'), encoded)), ['a']);
});

test('two hundred headers are looked at', (t) =>
  assertFails(
    t,
    sends(answer(list('a'), { 'x-h': Array(198).fill('v'), 'content-encoding': 'rot13' })),
    'invalid_response',
  ));

test('trailers without end are given up', (t) =>
  assertFails(
    t,
    sends(CHUNKED, chunk(list('a')), '0\r\n', `x-trailer: ${'x'.repeat(17 * 1024)}\r\n`),
    'provider_error',
    /HPE_HEADER_OVERFLOW/,
  ));

/* Framing. */

test('an upgrade is no answer', (t) =>
  assertFails(
    t,
    sends('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nabc'),
    'provider_error',
    /ECONNRESET/,
  ));

for (const [what, more] of [
  ['a second answer', answer(list('b'))],
  ['rubbish', 'rubbish\r\n\r\n'],
  ['more of the body', list('b')],
]) {
  test(`${what} in the packet of the first: the call ends, with the first list or an error`, async (t) => {
    const { ask } = await makeAsker(t, {
      provider: sends(Buffer.concat([answer(list('a')), Buffer.from(more)])),
    });
    const models = await ask().then(
      (found) => found.models,
      (error) => error.code,
    );
    assert.ok(models === 'provider_error' || models.join() === 'a', String(models));
  });

  test(`${what} after the end is not heard`, (t) =>
    assertLists(
      t,
      (socket) => {
        socket.write(answer(list('a')));
        setImmediate(() => setImmediate(() => socket.write(more)));
      },
      ['a'],
    ));
}

test('a body shorter than it says is no answer', (t) =>
  assertFails(
    t,
    (socket) => socket.end(answer(list('a'), { 'content-length': 1000 })),
    'provider_error',
    /ECONNRESET/,
  ));

test('two lengths are no answer', (t) =>
  assertFails(
    t,
    sends(answer(list('a'), { 'content-length': ['5', '50'] })),
    'provider_error',
    /\(HPE_[A-Z_]+\)/,
  ));

test('a chunk that says no length is no answer', (t) =>
  assertFails(t, sends(CHUNKED, 'zz\r\n{}\r\n'), 'provider_error', /\(HPE_[A-Z_]+\)/));

test('no HTTP at all is no answer', (t) =>
  assertFails(t, sends('SSH-2.0-OpenSSH_9.6\r\n'), 'provider_error', /\(HPE_[A-Z_]+\)/));

test('a connection that is closed without a word is no answer', (t) =>
  assertFails(t, (socket) => socket.end(), 'provider_error', /ECONNRESET/));

test('a connection that is reset in the middle of the body is no answer', (t) =>
  assertFails(
    t,
    (socket) => {
      socket.write(`${CHUNKED}${chunk('{"data":[')}`);
      setImmediate(() => socket.resetAndDestroy());
    },
    'provider_error',
    /ECONNRESET/,
  ));

test('https to what speaks no TLS is no answer', (t) =>
  assertFails(t, sends('no TLS\r\n\r\n'), 'provider_error', /\([A-Z_]+\)/, { tls: true }));

test('the connection is closed when the answer is there', async (t) => {
  const { ask, raw } = await makeAsker(t, { provider: sends(answer(list('a'))) });
  await ask();
  await waitFor(() => raw.sockets[0].destroyed);
});

test('each call has a connection of its own', async (t) => {
  const { ask, raw } = await makeAsker(t, { provider: sends(answer(list('a'))) });
  await ask();
  await ask();
  assert.equal(raw.sockets.length, 2);
});
