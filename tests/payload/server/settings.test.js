const test = require('node:test');
const assert = require('node:assert/strict');
const { TIMES, customEndpoint, makeWorld } = require('./lib/world');
const { startLibreChat } = require('./lib/librechat');

const { SECOND, MINUTE, HOUR, DAY } = TIMES;

const DEFAULTS = {
  enabled: true,
  ttl: DAY,
  refreshAfter: HOUR,
  staleIfError: 7 * DAY,
  timeout: 5 * SECOND,
  allowHttp: [],
  httpsOnly: false,
  builtIn: true,
  keysIndex: true,
  include: [],
  exclude: [],
};

async function settingsWith(t, env) {
  const world = await makeWorld(t, { env });
  const { getSettings } = world.start().file('settings');
  return { world, settings: { ...getSettings() }, again: getSettings };
}

test('every setting has a default', async (t) => {
  const { settings } = await settingsWith(t, {});
  assert.deepEqual(settings, DEFAULTS);
});

for (const [variable, value, name, expected] of [
  ['ENABLED', 'FALSE', 'enabled', false],
  ['ENABLED', '1', 'enabled', true],
  ['TTL', '90 m', 'ttl', 90 * MINUTE],
  ['TTL', '1.5h', 'ttl', 90 * MINUTE],
  ['REFRESH_AFTER', '30s', 'refreshAfter', 30 * SECOND],
  ['STALE_IF_ERROR', '2D', 'staleIfError', 2 * DAY],
  ['TIMEOUT', '250ms', 'timeout', 250],
  [
    'ALLOW_HTTP',
    'LiteLLM:4000, [::1]:80 other',
    'allowHttp',
    ['litellm:4000', '[::1]:80', 'other'],
  ],
  ['HTTPS_ONLY', 'yes', 'httpsOnly', true],
  ['BUILT_IN', 'false', 'builtIn', false],
  ['KEYS_INDEX', 'off', 'keysIndex', false],
  ['INCLUDE', 'gpt-*, LiteLLM:a b ,', 'include', ['gpt-*', 'LiteLLM:a b']],
  ['EXCLUDE', '*-preview', 'exclude', ['*-preview']],
  ['TTL', '  ', 'ttl', DAY],
]) {
  test(`DYNAMIC_MODELS_${variable}=${value}`, async (t) => {
    const { world, settings } = await settingsWith(t, { [`DYNAMIC_MODELS_${variable}`]: value });
    assert.deepEqual(settings, { ...DEFAULTS, [name]: expected });
    assert.deepEqual(world.logs, []);
  });
}

for (const [variable, value] of [
  ['ENABLED', 'maybe'],
  ['TTL', '24'],
  ['TTL', '0h'],
  ['TTL', '-1h'],
  ['REFRESH_AFTER', 'soon'],
  ['STALE_IF_ERROR', '9999d'],
  ['TIMEOUT', '5 parsecs'],
  ['ALLOW_HTTP', 'http://litellm:4000'],
  ['HTTPS_ONLY', '2'],
  ['KEYS_INDEX', 'perhaps'],
]) {
  test(`DYNAMIC_MODELS_${variable}=${value} is one warning, and the default`, async (t) => {
    const name = `DYNAMIC_MODELS_${variable}`;
    const { world, settings, again } = await settingsWith(t, { [name]: value });
    assert.deepEqual(settings, DEFAULTS);
    again();
    assert.equal(world.logs.length, 1);
    assert.equal(world.logs[0].level, 'warn');
    assert.ok(world.logs[0].text.includes(name));
  });
}

test('switched off: LibreChat’s lists, no provider call, native fetching as before', async (t) => {
  const world = await makeWorld(t, { era: 'E7', env: { DYNAMIC_MODELS_ENABLED: 'off' } });
  world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  assert.deepEqual(await chat.shown('alice'), ['natively-fetched']);
  assert.equal(world.provider.calls.length, 0);
});

test('the ages that are set are the ages that count', async (t) => {
  const env = {
    DYNAMIC_MODELS_TTL: '10m',
    DYNAMIC_MODELS_REFRESH_AFTER: '5m',
    DYNAMIC_MODELS_STALE_IF_ERROR: '20m',
  };
  const world = await makeWorld(t, { env });
  const key = world.giveKey('alice', ['alice-1']);
  const chat = startLibreChat(world);
  await chat.shown('alice');
  world.provider.models.set(key, ['alice-2']);
  world.advance(4 * MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['alice-1']);
  assert.equal(world.provider.calls.length, 1);
  world.advance(7 * MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
  world.provider.fail(500);
  world.advance(19 * MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['alice-2']);
  world.advance(2 * MINUTE);
  assert.deepEqual(await chat.shown('alice'), ['default-model']);
});

const MODELS = ['gpt-4o', 'GPT-4o-mini', 'claude:3', 'text-embedding-3', 'openai/gpt-5'];

for (const [what, env, expected] of [
  ['include', { INCLUDE: 'gpt-*' }, ['gpt-4o', 'GPT-4o-mini']],
  ['a star crosses slashes', { INCLUDE: '*gpt-?' }, ['openai/gpt-5']],
  ['exclude', { EXCLUDE: '*embedding*,claude:*' }, ['gpt-4o', 'GPT-4o-mini', 'openai/gpt-5']],
  ['exclude wins', { INCLUDE: '*gpt*', EXCLUDE: '*mini' }, ['gpt-4o', 'openai/gpt-5']],
  ['this endpoint’s globs count', { INCLUDE: 'litellm:claude:*' }, ['claude:3']],
  ['another endpoint’s do not', { INCLUDE: 'Other:none', EXCLUDE: 'Other:*' }, MODELS],
  ['nothing left leaves the defaults', { INCLUDE: 'none' }, ['default-model']],
  ['many stars take no time', { EXCLUDE: `${'*a'.repeat(60)}b` }, MODELS],
]) {
  test(`filters: ${what}`, async (t) => {
    const entries = Object.entries(env).map(([name, glob]) => [`DYNAMIC_MODELS_${name}`, glob]);
    const world = await makeWorld(t, {
      env: Object.fromEntries(entries),
      endpoints: (provider) => [
        customEndpoint(provider),
        customEndpoint(provider, { name: 'Other', models: { default: ['other'] } }),
      ],
    });
    world.giveKey('alice', MODELS);
    const chat = startLibreChat(world);
    assert.deepEqual(await chat.shown('alice'), expected);
    assert.equal(await chat.chat('alice', 'default-model'), true, 'defaults are not filtered');
  });
}
