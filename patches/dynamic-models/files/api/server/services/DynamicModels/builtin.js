const { ANTHROPIC, GOOGLE, OPENAI, OPENAI_URL } = require('./shapes');
const { parseBareKey, parseGoogleKey, parseKeyAndURL } = require('./storedKeys');

/**
 * The built-in endpoints whose key or URL a user can bring. What says so are the variables that
 * LibreChat reads itself, all releases (api/server/services/Config/EndpointService.js, and
 * `getOpenAIModels` and its like for the lists). azureOpenAI and bedrock have no list that a key can
 * read.
 */

const USER_PROVIDED = 'user_provided';

/** @param {string} name @returns {string} The value of a variable; empty when it is not set. */
const env = (name) => (process.env[name] ?? '').trim();

/** @param {string} text @returns {string} */
const withoutSlash = (text) => text.replace(/\/$/, '');

/** Anthropic's client appends /v1/messages to its base URL, and the key goes where a chat goes. */
function anthropicURL() {
  const base = withoutSlash(env('ANTHROPIC_REVERSE_PROXY') || 'https://api.anthropic.com');
  return base.endsWith('/v1') ? base : `${base}/v1`;
}

/** Likewise Google's client, with /v1beta. */
function googleURL() {
  const base = withoutSlash(
    env('GOOGLE_REVERSE_PROXY') || 'https://generativelanguage.googleapis.com',
  );
  return base.endsWith('/v1beta') ? base : `${base}/v1beta`;
}

/** @param {string} variable - Of the base URL. */
function openAIParts(variable) {
  const url = env(variable);
  return {
    shape: OPENAI,
    baseURL: url === USER_PROVIDED ? undefined : url || OPENAI_URL,
    fallbackURL: OPENAI_URL,
    parseKey: (value) => parseKeyAndURL(value, false),
  };
}

/** Vertex AI stands in for Anthropic where it is configured (v0.8.2-rc2 on). */
function usesVertex(config) {
  const { vertexConfig, vertex = vertexConfig } = config?.endpoints?.anthropic ?? {};
  return Boolean(vertex && vertex.enabled !== false) || /^true$/i.test(env('ANTHROPIC_USE_VERTEX'));
}

const ENDPOINTS = [
  {
    name: 'openAI',
    keys: ['OPENAI_API_KEY', 'OPENAI_REVERSE_PROXY'],
    list: 'OPENAI_MODELS',
    // v0.7.0 to v0.7.7-rc1 ask OpenRouter instead, with the system's key.
    isTaken: (config, host) => host.asksOpenRouter && env('OPENROUTER_API_KEY') !== '',
    parts: () => openAIParts('OPENAI_REVERSE_PROXY'),
  },
  {
    name: 'assistants',
    keys: ['ASSISTANTS_API_KEY', 'ASSISTANTS_BASE_URL'],
    list: 'ASSISTANTS_MODELS',
    // Up to v0.7.3-rc this is the name of Azure's assistants, too.
    isTaken: (config, host) =>
      !host.hasAzureAssistants && Boolean(config?.endpoints?.azureOpenAI?.assistants),
    parts: () => openAIParts('ASSISTANTS_BASE_URL'),
  },
  {
    name: 'anthropic',
    keys: ['ANTHROPIC_API_KEY'],
    list: 'ANTHROPIC_MODELS',
    isTaken: usesVertex,
    parts: () => ({ shape: ANTHROPIC, baseURL: anthropicURL(), parseKey: parseBareKey }),
  },
  {
    name: 'google',
    keys: ['GOOGLE_KEY'],
    list: 'GOOGLE_MODELS',
    isTaken: () => false,
    parts: (host) => ({
      shape: GOOGLE,
      baseURL: googleURL(),
      parseKey: (value) => parseGoogleKey(value, host.googleKeyWins),
    }),
  },
];

/**
 * @param {object | null | undefined} config - librechat.yaml or the app configuration.
 * @param {import('./host').Host} host
 * @returns {import('./endpoints').Endpoint[]}
 */
function builtInEndpoints(config, host) {
  const usable = ENDPOINTS.filter(
    ({ keys, list, isTaken }) =>
      keys.some((name) => env(name) === USER_PROVIDED) &&
      env(list) === '' &&
      !isTaken(config, host),
  );
  return usable.map(({ name, parts }) => {
    const { all, [name]: own } = config?.endpoints ?? {};
    return {
      name,
      config: {
        models: {},
        directEndpoint: name === 'openAI' || name === 'assistants',
        headers: host.mergeHeaders?.(all?.headers, own?.headers),
      },
      defaults: host.defaultModels?.[name] ?? [],
      owned: true,
      isBuiltIn: true,
      ...parts(host),
    };
  });
}

module.exports = { builtInEndpoints };
