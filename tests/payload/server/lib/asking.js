const { customEndpoint, makeWorld } = require('./world');
const { startRawProvider } = require('./rawProvider');

/** Long enough to tell a call that was given up from one that was waited for. */
const PATIENT = { DYNAMIC_MODELS_TIMEOUT: '60s' };

/**
 * A world whose only user asks an endpoint once, past the cache and the stored keys.
 * @param {import('node:test').TestContext} t
 * @param {{ provider?: Function, changes?: object, apiKey?: string, env?: object, userURL?: string,
 *   host?: object, tls?: boolean, changeCode?: Function }} options - `provider` answers in bytes; without it the mock
 *   provider does. `tls`: it is asked over https, and answers without having heard anything.
 */
async function makeAsker(t, options = {}) {
  const {
    provider,
    changes = {},
    apiKey = 'sk-0123456789abcdef',
    env = PATIENT,
    userURL,
  } = options;
  const raw = provider && (await startRawProvider(t, provider, options.tls));
  const adminURL = options.tls ? raw.url.replace('http:', 'https:') : raw?.url;
  const baseURL = userURL === undefined ? adminURL : 'user_provided';
  const world = await makeWorld(t, {
    env,
    endpoints: (mock) => [customEndpoint(mock, { ...(baseURL && { baseURL }), ...changes })],
  });
  world.changeCode = options.changeCode;
  const payload = world.start();
  const context = await payload.file('resolver').makeContext({ user: { id: 'alice' } });
  const host = { ...context.host, ...options.host };
  const ask = () =>
    payload
      .file('provider')
      .askProvider({ ...context, host }, context.endpoints[0], { apiKey, baseURL: userURL });
  return { world, payload, ask, raw };
}

/** @returns {Function} What a raw provider does: these bytes; the connection stays open. */
function sends(...parts) {
  return (socket) => parts.forEach((part) => socket.write(part));
}

/** @returns {Buffer} A whole answer. */
function answer(body, headers = {}, status = '200 OK') {
  const bytes = Buffer.from(body);
  const fields = { 'content-length': bytes.length, ...headers };
  const lines = Object.entries(fields).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`), bytes]);
}

/** @returns {string} A list of models as a provider sends it. */
function list(...ids) {
  return JSON.stringify({ data: ids.map((id) => ({ id })) });
}

module.exports = { answer, list, makeAsker, sends };
