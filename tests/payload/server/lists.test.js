const test = require('node:test');
const assert = require('node:assert/strict');
const zlib = require('node:zlib');
const { list, makeAsker } = require('./lib/asking');
const { makeRandom } = require('./lib/random');

/** How a list of models is read that may have been made to take long, or to look like another. */

const KEY = 'sk-0123456789abcdef';
const KIB = 1024;

/** @param {string | Buffer} body */
async function makeReader(t, body, options = {}) {
  const asker = await makeAsker(t, { apiKey: KEY, ...options });
  asker.world.provider.say(body, options.headers);
  return asker;
}

async function assertReads(t, body, models, options) {
  const { ask } = await makeReader(t, body, options);
  assert.deepEqual((await ask()).models, models);
}

async function assertRefuses(t, body) {
  const { ask } = await makeReader(t, body);
  await assert.rejects(ask(), { name: 'ModelsError', code: 'invalid_response' });
}

/** The lengths of all texts that are parsed as JSON from now on. */
function watchParsing(t) {
  const lengths = [];
  const { parse } = JSON;
  t.mock.method(JSON, 'parse', (text, ...rest) => {
    lengths.push(text.length);
    return parse(text, ...rest);
  });
  return lengths;
}

/** @param {(looks: number) => number} clock - What it says, by how often it was looked at. */
function tellTime(t, clock) {
  let looks = 0;
  t.mock.method(performance, 'now', () => clock(looks++));
}

/** Counts how often the payload lets the event loop go on. */
function countPauses(t) {
  const { setImmediate: real } = globalThis;
  return t.mock.method(globalThis, 'setImmediate', (...args) => real(...args)).mock;
}

const HUGE = [
  [
    '250,000 short ids',
    `[${Array.from({ length: 250_000 }, (_, i) => `{"id":"${i}"}`)}]`,
    2000,
    '0',
  ],
  ['1,600,000 empty objects', `{"data":[{"id":"x"}${',{}'.repeat(1_600_000)}]}`, 1, 'x'],
  ['2,500,000 numbers', `{"data":[{"id":"x"}${',1'.repeat(2_500_000)}]}`, 1, 'x'],
  ['1,000,000 empty lists in one item', `[{"id":"x"},[${'[],'.repeat(1e6)}1]]`, 1, 'x'],
];

for (const [what, body, count, first] of HUGE) {
  for (const [encoding, encode] of [
    ['plain', Buffer.from],
    ['gzip', zlib.gzipSync],
  ]) {
    test(`${what}, ${encoding}: a bounded number of small texts is parsed`, async (t) => {
      const headers = encoding === 'plain' ? {} : { 'content-encoding': encoding };
      const { ask } = await makeReader(t, encode(body), { headers });
      const lengths = watchParsing(t);
      const { models } = await ask();
      assert.equal(models.length, count);
      assert.equal(models[0], first);
      assert.ok(lengths.length <= 10_000, `${lengths.length} texts`);
      assert.ok(Math.max(...lengths) <= 128 * KIB, `${Math.max(...lengths)} characters`);
    });
  }
}

test('the event loop goes on between two items when their time is used up', async (t) => {
  const { ask } = await makeReader(t, HUGE[0][1]);
  tellTime(t, (looks) => looks * 11);
  const pauses = countPauses(t);
  await ask();
  assert.ok(pauses.callCount() >= 1999, `${pauses.callCount()} pauses for 2000 models`);
});

test('of several lists that are read at once, one goes on in each turn of the event loop', async (t) => {
  const { ask } = await makeReader(t, `[${Array.from({ length: 20 }, (_, i) => `{"id":"${i}"}`)}]`);
  tellTime(t, (looks) => looks * 11);
  const { setImmediate: real } = globalThis;
  const { parse } = JSON;
  const parsed = [];
  t.mock.method(JSON, 'parse', (...args) => {
    parsed[parsed.length - 1] += 1;
    return parse(...args);
  });
  t.mock.method(globalThis, 'setImmediate', (wake) =>
    real(() => {
      parsed.push(0);
      wake();
    }),
  );
  parsed.push(0);
  const answers = await Promise.all(Array.from({ length: 10 }, ask));
  assert.ok(answers.every(({ models }) => models.length === 20));
  assert.deepEqual(new Set(parsed), new Set([0, 1]), 'at most one item in a turn');
});

test('items are read on without a pause while there is time, once it is their turn', async (t) => {
  const { ask } = await makeReader(t, HUGE[0][1]);
  tellTime(t, (looks) => (looks === 0 ? 100 : 110));
  const pauses = countPauses(t);
  await ask();
  assert.equal(pauses.callCount(), 2, 'a turn for the list, and one for its prices');
});

for (const [what, body] of [
  ['a list', '['.repeat(5_000_000)],
  ['an object', '{"a":'.repeat(900_000)],
  ['an item', `{"data":[{"id":"x"},${'['.repeat(65)}${']'.repeat(65)}]}`],
  ['what stands before the list', `{"a":${'['.repeat(65)}${']'.repeat(65)},"data":[{"id":"x"}]}`],
]) {
  test(`${what} nested too deep is refused and not parsed`, async (t) => {
    const { ask } = await makeReader(t, body);
    const lengths = watchParsing(t);
    await assert.rejects(ask(), { code: 'invalid_response' });
    assert.ok(lengths.every((length) => length < 100));
  });
}

test('64 levels are not too deep, in an item and before the list', (t) => {
  const deep = `${'['.repeat(64)}${']'.repeat(64)}`;
  return assertReads(t, `{"a":${deep},"data":[${deep},{"id":"x"}]}`, ['x']);
});

const sized = (length, id) => {
  const item = JSON.stringify({ id, x: '' });
  return `${item.slice(0, -2)}${'x'.repeat(length - item.length)}"}`;
};
const keyed = (tokens, id) =>
  JSON.stringify({
    id,
    ...Object.fromEntries(Array.from({ length: tokens - 1 }, (_, i) => [`k${i}`, 0])),
  });

for (const [what, item, isKept] of [
  ['of 128 KiB', sized(128 * KIB, 'big'), true],
  ['of 128 KiB and a byte', sized(128 * KIB + 1, 'big'), false],
  ['of two megabytes', sized(2_000_000, 'big'), false],
  ['with 2,000 tokens', keyed(2000, 'big'), true],
  ['with 2,001 tokens', keyed(2001, 'big'), false],
  ['with 100,000 distinct keys', keyed(100_000, 'big'), false],
]) {
  test(`an item ${what} is ${isKept ? 'kept' : 'left out, and the others are kept'}`, (t) =>
    assertReads(
      t,
      `{"data":[{"id":"a"},${item},{"id":"b"}]}`,
      isKept ? ['a', 'big', 'b'] : ['a', 'b'],
    ));
}

test('items after the ten thousandth are not read', (t) => {
  const before = (count) => Array(count).fill('0').join();
  return assertReads(t, `[{"id":"a"},${before(9998)},{"id":"b"},{"id":"c"}]`, ['a', 'b']);
});

test('a list is read until 200,000 tokens are counted', (t) => {
  const items = Array.from({ length: 105 }, (_, i) => keyed(2000, `m${i}`));
  const models = Array.from({ length: 100 }, (_, i) => `m${i}`);
  return assertReads(t, `[${items}]`, models);
});

/* Ids (rows 9 and 13). */

for (const [what, id] of [
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a next line', 'a\u0085b'],
  ['a line feed', 'a\nb'],
  ['a null', 'a\0b'],
  ['a delete', 'a\x7fb'],
  ['an override of direction', 'a\u202eb'],
  ['an isolate', 'a\u2066b'],
  ['a right-to-left mark', 'a\u200fb'],
  ['an Arabic letter mark', 'a\u061cb'],
  ['a zero width space', 'a\u200bb'],
  ['a byte order mark', 'a\ufeffb'],
  ['a soft hyphen', 'a\u00adb'],
  ['a tag character', 'a\u{e0041}b'],
  ['a leading surrogate alone', 'a\ud83d'],
  ['a trailing surrogate alone', '\ude00a'],
  ['257 characters', 'x'.repeat(257)],
  ['nothing', ''],
]) {
  test(`an id with ${what} is dropped`, (t) => assertReads(t, list('ok', id), ['ok']));
}

test('ids of any script, and of characters outside the first plane, are kept', (t) => {
  const ids = [
    'qwen/通义千问',
    'модель',
    'نموذج',
    '😀',
    '𝒳-1',
    'naïve model',
    'a\'b"c\\d',
    '<b>',
    'é',
  ];
  return assertReads(t, list(...ids), ids);
});

test('ids that are names of Object’s properties are ids', async (t) => {
  const ids = ['constructor', '__proto__', 'toString'];
  await assertReads(t, list(...ids), ids);
});

for (const [what, apiKey, ids, kept] of [
  ['as a whole', KEY, [KEY, 'a'], ['a']],
  ['in part of the id', KEY, [`your-key-${KEY}-is-bad`, 'a'], ['a']],
  ['of eight characters', 'abcdefgh', ['1abcdefgh2', 'a'], ['a']],
  [
    'of seven characters, a placeholder, as a whole only',
    'abcdefg',
    ['abcdefg', '1abcdefg2'],
    ['1abcdefg2'],
  ],
  ['x', 'x', ['x', 'xx', 'mixtral'], ['xx', 'mixtral']],
]) {
  test(`an id that carries the key is dropped: ${what}`, (t) =>
    assertReads(t, list(...ids), kept, { apiKey }));
}

test('a list of nothing but the key is no list', async (t) => {
  const { ask } = await makeReader(t, list(KEY));
  await assert.rejects(ask(), {
    code: 'invalid_response',
    message: /listed no models for this key/,
  });
});

/* Texts (row 16, and what a scanner could get wrong). */

const BOM = '\ufeff';
for (const [what, body] of [
  ['after a byte order mark', `${BOM}${list('a')}`],
  ['as a bare list after a byte order mark', `${BOM}[{"id":"a"}]`],
  ['with spaces everywhere', ' \n\t{ "x" : 1 ,\r\n "data" : [ { "id" : "a" } ] } '],
  [
    'after other lists and objects',
    '{"x":[{"id":"no"}],"y":{"data":[{"id":"no"}]},"data":[{"id":"a"}]}',
  ],
  [
    'after texts that look like it',
    String.raw`{"x":"\"data\":[{\"id\":\"no\"}]","y\"":"\\","data":[{"id":"a"}]}`,
  ],
  ['with brackets and commas in texts', '{"data":[{"x":"]},{[","id":"a","y":","}]}'],
  ['before other fields', '{"data":[{"id":"a"}],"data2":[{"id":"no"}],"more":{'],
  ['with escapes', String.raw`{"data":[{"id":"\u0061"}]}`],
  [
    'with numbers, nulls and flags between',
    '{"n":-1.5e3,"t":true,"z":null,"data":[1,null,true,"a",{"id":"a"},[]]}',
  ],
]) {
  test(`a list is read ${what}`, (t) => assertReads(t, body, ['a']));
}

for (const body of [
  '',
  ' ',
  BOM,
  'null',
  '7',
  '"data"',
  '[',
  '[]',
  '[,]',
  '[{"id":"a"},]',
  '[{"id":"a"} {"id":"b"}]',
  '[{"id":"a"}}',
  '[{"id":"a"',
  '[{"id":"a"}',
  '[{"id":"a"},{"id":"b"',
  "[{'id':'a'}]",
  '{',
  '{}',
  '{"data"',
  '{"data":',
  '{"data":[',
  '{"data":[]}',
  '{"data":null}',
  '{"data":"[{}]"}',
  '{"data":{"id":"a"}}',
  '{"x":[{"id":"a"}]}',
  '{"x":{"data":[{"id":"a"}]}}',
  '{"models":[{"id":"a"}]}',
  '{"x":1 "data":[{"id":"a"}]}',
  '{data:[{"id":"a"}]}',
  '{"data":[{"id":"a"}',
  '{"data":[{"id":"a"},',
  '{"data":[{"id":"a]}',
  '{"data":[{"id":"a\\',
  '{"data":[{"id":"a\\"}]}',
]) {
  test(`no list: ${JSON.stringify(body)}`, (t) => assertRefuses(t, body));
}

/** Any JSON value, with texts that look like structure. */
function randomValue(random, depth) {
  const kinds = depth > 0 ? ['text', 'number', 'other', 'list', 'object'] : ['text', 'number'];
  const many = (make) => Array.from({ length: random.below(4) }, make);
  const values = {
    text: () =>
      random.of(['', 'a', '"', '\\', '],[', '{"id":"no"}', '"data":[', '\\"', 'é😀', ',']),
    number: () => random.of([0, -1.5, 1e21, 7]),
    other: () => random.of([null, true, false]),
    list: () => many(() => randomValue(random, depth - 1)),
    object: () =>
      Object.fromEntries(
        many(() => [random.of(['id', 'x', 'y"', 'data ', '\\']), randomValue(random, depth - 1)]),
      ),
  };
  return values[random.of(kinds)]();
}

const isId = (id) => typeof id === 'string' && id !== '';

test('what is read of 300 generated bodies is what JSON.parse reads', async (t) => {
  const { ask, world } = await makeReader(t, '');
  const random = makeRandom(12);
  for (let i = 0; i < 300; i++) {
    const items = Array.from({ length: 1 + random.below(6) }, () => randomValue(random, 4));
    const around = { x: randomValue(random, 4), 'y"': randomValue(random, 4), data: items };
    const body = JSON.stringify(random.of([items, around]), null, random.of([0, 1, '\t']));
    world.provider.say(body);
    const ids = items.map((item) => item?.id).filter(isId);
    const read = await ask().then(
      ({ models }) => models,
      (error) => error.code,
    );
    assert.deepEqual(read, ids.length > 0 ? [...new Set(ids)] : 'invalid_response', body);
  }
});

test('1,000 mutated bodies are read or refused, and nothing else happens', async (t) => {
  const { ask, world } = await makeReader(t, '');
  const random = makeRandom(13);
  const whole = Buffer.from(
    JSON.stringify({ object: 'list', data: [{ id: 'a', x: [1, '\\"'] }, { id: 'b' }] }),
  );
  for (let i = 0; i < 1000; i++) {
    const body = Buffer.from(whole);
    for (let hits = 1 + random.below(3); hits > 0; hits--) {
      body[random.below(body.length)] = random.of([...Buffer.from('{}[]",:\\ 0'), 0, 0xff]);
    }
    world.provider.say(body.subarray(0, body.length - random.of([0, 0, 0, random.below(9)])));
    const end = await ask().catch((error) => error);
    assert.ok(end.code === 'invalid_response' || end.models.length > 0, body.toString());
  }
});
