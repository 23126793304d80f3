/**
 * Per-user model lists for custom endpoints whose key or URL comes from the user.
 *
 * Added by librechat-patcher. Requiring this file loads nothing of LibreChat and starts nothing:
 * `ModelController` is part of require cycles in several releases, and jest suites mock what
 * stands around it. All that is LibreChat's is loaded when the first request needs it.
 */

/**
 * The model list to display: what this user's key can use, else the configured defaults.
 * @param {import('express').Request} req
 * @param {Record<string, string[]>} base - LibreChat's own map; possibly shared, never changed.
 * @returns {Promise<Record<string, string[]>>}
 */
async function showUserModels(req, base) {
  return require('./overlay').shown(req, base);
}

/**
 * Gives the two functions that the rest of LibreChat validates against the accepted lists, and
 * looks up what the displayed list needs before LibreChat builds its own map.
 * Callers destructure them while loading, so this wraps at export time.
 * @template {Record<string, Function>} T
 * @param {T} controllers - The exports of `ModelController.js`.
 * @returns {T}
 */
function withUserModels(controllers) {
  function accepting(original) {
    return async (req, ...rest) => {
      const base = await original(req, ...rest);
      return require('./overlay').accepted(req, base);
    };
  }
  return {
    ...controllers,
    modelController: async (req, ...rest) => {
      await require('./overlay').prepare(req);
      return controllers.modelController(req, ...rest);
    },
    loadModels: accepting(controllers.loadModels),
    getModelsConfig: accepting(controllers.getModelsConfig),
  };
}

/**
 * Releases that fetch user models themselves (v0.8.5-rc1 on) read every stored key for it, in every
 * request. Without a key they fetch nothing and take the configured defaults, so this answers that
 * there is none where the models come from here.
 * @template T
 * @param {(owner: { userId: string, name: string }) => Promise<T>} getUserKeyValues
 * @returns {(owner: { userId: string, name: string }) => Promise<T | null>}
 */
function skipUserKeys(getUserKeyValues) {
  return async (owner) => (require('./keys').ownsKey(owner) ? null : getUserKeyValues(owner));
}

/**
 * Keeps LibreChat from writing the beginning of a stored key to its log, and hears of keys that are
 * saved and revoked.
 * @template {Record<string, unknown>} T
 * @param {T} methods - Exports with `getUserKey` and its like among them.
 * @returns {T}
 */
function guardUserKeys(methods) {
  return require('./keys').guardUserKeys(methods);
}

/**
 * Handler of `POST /api/models/fetch` and of `GET /api/models/fetch/health`: with one name for both
 * the routes need one import.
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
async function fetchUserModelsController(req, res) {
  const { fetchUserModels, reportHealth } = require('./controller');
  const isQuestion = req.method === 'GET' || req.method === 'HEAD';
  return isQuestion ? reportHealth(req, res) : fetchUserModels(req, res);
}

module.exports = {
  fetchUserModelsController,
  guardUserKeys,
  showUserModels,
  skipUserKeys,
  withUserModels,
};
