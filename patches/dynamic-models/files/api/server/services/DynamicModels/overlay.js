const { isModelId } = require('./provider');
const { describe, warnOnce } = require('./log');
const { lastModels, makeContext, resolve } = require('./resolver');

const AGENTS = 'agents';

/** A list this old is asked for once more before a model is called illegal. */
const RECHECK_AFTER = 60 * 1000;
const HOUR = 60 * 60 * 1000;

/**
 * What was found out for a request: a chat asks twice or more (v0.7.x `buildEndpointOption` and
 * `validateModel`; later the import of conversations).
 * @type {WeakMap<object, Promise<{ context: import('./resolver').Context,
 *   resolutions: import('./resolver').Resolution[] } | null>>}
 */
const asked = new WeakMap();
/** @type {WeakMap<object, Promise<import('./resolver').Context | null>>} */
const contexts = new WeakMap();

/**
 * @template V
 * @param {WeakMap<object, V>} answers
 * @param {object | undefined} req
 * @param {(req: object) => V} find
 * @returns {V}
 */
function once(answers, req, find) {
  const known = answers.get(req);
  const answer = known ?? find(req);
  if (req && !known) {
    answers.set(req, answer);
  }
  return answer;
}

const contextOnce = (req) => once(contexts, req, makeContext);
const resolveOnce = (req) => once(asked, req, resolveAll);

async function resolveAll(req) {
  const context = await contextOnce(req);
  const owned = context?.endpoints.filter((endpoint) => endpoint.owned) ?? [];
  if (owned.length === 0) {
    return null;
  }
  const resolutions = await Promise.all(owned.map((endpoint) => resolve(context, endpoint)));
  return { context, resolutions };
}

/**
 * Called before LibreChat builds its own map, so that both wait for the database at the same time.
 * The configuration is lent to LibreChat's loaders where all ask for the same one (v0.8.8-rc1).
 * They look for it on the request first, where LibreChat's own middleware leaves it on other
 * routes, and each would parse the JSON of everything configured once more: a GET takes 4.2 ms of
 * the processor with it, 5.4 ms without (four endpoints, no key).
 * @param {object} req
 */
async function prepare(req) {
  try {
    const context = await contextOnce(req);
    if (context?.host.lendsConfig) {
      req.config ??= context.config;
    }
    // What goes wrong is told to whoever asks for it next.
    resolveOnce(req).catch(() => undefined);
  } catch {
    // Likewise: `shown` asks for the same context.
  }
}

/**
 * @typedef {Object} Requested
 * @property {string} endpoint
 * @property {string} model
 */

/** @returns {Requested[]} The pair as a list; empty when it is not one. */
function pair(endpoint, model) {
  return typeof endpoint === 'string' && typeof model === 'string' ? [{ endpoint, model }] : [];
}

/**
 * A saved agent names its model itself. At v0.8.8-rc1 it is still on its way in the body; releases
 * up to v0.8.7 have taken it from there before they validate (v0.8.4
 * api/server/services/Endpoints/agents/initialize.js:155).
 */
async function loadAgent(host, body) {
  const pending = await body.endpointOption?.agent;
  if (pending?.model || body.endpoint !== AGENTS || typeof body.agent_id !== 'string') {
    return pending;
  }
  return host.findAgent(body.agent_id);
}

/**
 * The models that a chat request is about to be validated for, as far as the request tells.
 * @param {import('./host').Host} host
 * @param {object} req - May be a pseudo-request that carries nothing but a user.
 * @returns {Promise<Requested[]>}
 */
async function requestedModels(host, req) {
  const { body } = req;
  if (!body || typeof body !== 'object') {
    return [];
  }
  const added = body.addedConvo;
  const requested = [...pair(body.endpoint, body.model), ...pair(added?.endpoint, added?.model)];
  const agent = await loadAgent(host, body).catch(() => undefined);
  return [...requested, ...pair(agent?.provider, agent?.model)];
}

/**
 * @param {import('./resolver').Resolution} resolution
 * @returns {string[]} Empty only when there are no defaults either.
 */
function shownList({ endpoint, models }) {
  return models?.length ? models : endpoint.defaults;
}

/**
 * The list that LibreChat validates against. It is wider than what is shown, because an illegal
 * model counts as a violation and four of those ban: the configured defaults stay legal (the first
 * message after saving a key still names one). While there is no list of the present key (no key,
 * expired, refused, provider down) so does what the user had last and what is asked for now: then
 * LibreChat or the provider says what is wrong.
 * @param {import('./resolver').Resolution} resolution
 * @param {Requested[]} requested
 * @param {string[]} [last] - Needed without a list of the present key only.
 */
function acceptedList(resolution, requested, last = []) {
  const { endpoint, models, allows } = resolution;
  const list = [...shownList(resolution), ...endpoint.defaults];
  if (!models) {
    const wanted = requested.filter(
      ({ endpoint: name, model }) => name === endpoint.name && isModelId(model) && allows(model),
    );
    list.push(...last, ...wanted.map(({ model }) => model));
  }
  return [...new Set(list)];
}

/** Whether what the request asks for can make a difference. */
function isOpen({ models, fetchedAt }) {
  return !models || Date.now() - fetchedAt > RECHECK_AFTER;
}

/** A model that the provider added a minute ago: look once more before refusing it. */
async function recheck(context, resolution, requested) {
  const { endpoint, models, allows } = resolution;
  if (!models || !isOpen(resolution)) {
    return resolution;
  }
  const legal = acceptedList(resolution, requested);
  const missing = requested.some(
    ({ endpoint: name, model }) =>
      name === endpoint.name && allows(model) && !legal.includes(model),
  );
  return missing ? resolve(context, endpoint, { maxAge: RECHECK_AFTER }) : resolution;
}

/**
 * LibreChat keeps the prices of a user's models for 30 minutes and fetches the model list again
 * during a chat when they are gone. They are stored with the list, so they can be put back.
 *
 * On v0.8.2-rc1 to v0.8.5-rc1 without Redis LibreChat cannot find them again, whoever writes them:
 * every reader gets a cache of its own (v0.8.4 packages/api/src/cache/cacheFactory.ts:76).
 * @param {import('./resolver').Context} context
 * @param {import('./resolver').Resolution} resolution
 */
async function restoreTokenConfig({ host, req }, { endpoint, tokenConfig }) {
  if (!tokenConfig || endpoint.config.tokenConfig) {
    return;
  }
  try {
    const cache = host.tokenConfig.cache();
    const userId = String(req.user.id);
    const tenant = host.getTenant(req) || undefined;
    const key = host.tokenConfig.key(endpoint.config, endpoint.name, userId, tenant);
    if (!(await cache.get(key))) {
      await cache.set(key, tokenConfig);
    }
  } catch (error) {
    warnOnce('tokenConfig', `prices were not restored: ${describe(error)}.`);
  }
}

/** @param {unknown} a @param {string[]} b */
function sameList(a, b) {
  return Array.isArray(a) && a.length === b.length && a.every((item, index) => item === b[index]);
}

/**
 * @param {Record<string, string[]>} base
 * @param {Array<[string, string[]]>} lists
 * @returns {Record<string, string[]>} The very same object when nothing differs.
 */
function overlay(base, lists) {
  const changes = lists.filter(([name, list]) => list.length > 0 && !sameList(base[name], list));
  return changes.length > 0 ? { ...base, ...Object.fromEntries(changes) } : base;
}

/** LibreChat's own list of a built-in endpoint is what its users without a key go on seeing. */
function onBase({ context, resolutions }, base) {
  const present = resolutions.filter(
    ({ endpoint: { name, isBuiltIn } }) => !isBuiltIn || base[name],
  );
  return {
    context,
    resolutions: present.map((resolution) => {
      const { endpoint } = resolution;
      const { name, isBuiltIn } = endpoint;
      return isBuiltIn
        ? { ...resolution, endpoint: { ...endpoint, defaults: base[name] } }
        : resolution;
    }),
  };
}

/**
 * @param {object} req
 * @param {Record<string, string[]>} base
 * @param {(found: object) => Promise<Array<[string, string[]]>>} view
 */
async function apply(req, base, view) {
  try {
    const found = base && (await resolveOnce(req));
    return found ? overlay(base, await view(onBase(found, base))) : base;
  } catch (error) {
    warnOnce('overlay', `the configured models are served: ${describe(error)}.`, HOUR);
    return base;
  }
}

/** @param {object} req @param {Record<string, string[]>} base */
async function shown(req, base) {
  return apply(req, base, async ({ resolutions }) =>
    resolutions.map((resolution) => [resolution.endpoint.name, shownList(resolution)]),
  );
}

/** @param {object} req @param {Record<string, string[]>} base */
async function accepted(req, base) {
  return apply(req, base, async ({ context, resolutions }) => {
    const requested = resolutions.some(isOpen) ? await requestedModels(context.host, req) : [];
    return Promise.all(
      resolutions.map(async (first) => {
        const resolution = await recheck(context, first, requested);
        await restoreTokenConfig(context, resolution);
        const { endpoint, models } = resolution;
        const last = models ? [] : await lastModels(context, endpoint);
        return [endpoint.name, acceptedList(resolution, requested, last)];
      }),
    );
  });
}

module.exports = { accepted, prepare, shown, shownList };
