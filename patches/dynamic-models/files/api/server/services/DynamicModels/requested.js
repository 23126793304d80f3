const AGENTS = 'agents';

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

module.exports = { requestedModels };
