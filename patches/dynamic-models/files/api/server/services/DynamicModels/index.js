/**
 * Per-user model lists for custom endpoints whose key or URL comes from the user.
 *
 * Added by librechat-patcher. Requiring this file loads nothing of LibreChat and starts nothing:
 * `ModelController` is part of require cycles in several releases, and jest suites mock what
 * stands around it. Everything below is loaded when the first request needs it.
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
 * Gives the two functions that the rest of LibreChat validates against the accepted lists.
 * Callers destructure them while loading, so this wraps at export time.
 * @template {Record<string, Function>} T
 * @param {T} controllers - The exports of `ModelController.js`.
 * @returns {T}
 */
function withUserModels(controllers) {
  const accepting =
    (original) =>
    async (req, ...rest) => {
      const base = await original(req, ...rest);
      return require('./overlay').accepted(req, base);
    };
  return {
    ...controllers,
    loadModels: accepting(controllers.loadModels),
    getModelsConfig: accepting(controllers.getModelsConfig),
  };
}

/**
 * Releases that fetch user models themselves (v0.8.5-rc1 on) do so for every request. This keeps
 * their `fetchModels` for everything except the fetches that are answered from here.
 * @param {(params: object) => Promise<string[]>} fetchModels
 * @returns {(params: object) => Promise<string[]>}
 */
function skipUserFetches(fetchModels) {
  return async (params) => (require('./ownership').ownsFetch(params) ? [] : fetchModels(params));
}

/**
 * Handler of `POST /api/models/fetch`.
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
async function fetchUserModelsController(req, res) {
  return require('./fetchController').fetchUserModels(req, res);
}

module.exports = {
  fetchUserModelsController,
  showUserModels,
  skipUserFetches,
  withUserModels,
};
