/**
 * The part of LibreChat's `loadConfigModels` that matters: defaults for endpoints with user keys
 * up to v0.8.4, a fetch per request with the stored key from v0.8.5-rc1 on.
 */
function customModels(world, fetchModels) {
  const names = (items = []) => items.map((item) => (typeof item === 'string' ? item : item.name));

  async function load(endpoint, user) {
    const defaults = names(endpoint.models.default);
    if (!world.era.native || !endpoint.models.fetch) {
      return defaults;
    }
    const stored = world.stored.get(`${user.id} ${endpoint.name}`);
    if (!stored) {
      return defaults;
    }
    const { name, baseURL } = endpoint;
    const params = { name, baseURL, user: user.id, apiKey: stored.value, skipCache: true };
    const models = await fetchModels(params);
    return models.length ? models : defaults;
  }

  return async ({ user }) => {
    const models = {};
    for (const endpoint of world.config.endpoints.custom) {
      models[endpoint.name] = await load(endpoint, user);
    }
    return models;
  };
}

module.exports = { customModels };
