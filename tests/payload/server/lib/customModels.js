/**
 * The part of LibreChat's `loadConfigModels` that matters: defaults for endpoints with user keys
 * up to v0.8.4, a fetch per request with the stored key from v0.8.5-rc1 on.
 * @param {object} world
 * @param {{ getUserKeyValues: Function, fetchModels: Function }} given - As the factory takes them.
 */
function customModels(world, { getUserKeyValues, fetchModels }) {
  const names = (items = []) => items.map((item) => (typeof item === 'string' ? item : item.name));

  async function load(endpoint, user) {
    const { name, models, baseURL } = endpoint;
    const defaults = names(models.default);
    if (!world.era.native || !models.fetch) {
      return defaults;
    }
    const values = await getUserKeyValues({ userId: user.id, name }).catch(() => null);
    if (!values?.apiKey) {
      return defaults;
    }
    const params = { name, baseURL, user: user.id, apiKey: values.apiKey, skipCache: true };
    const fetched = await fetchModels(params);
    return fetched.length ? fetched : defaults;
  }

  return async (req) => {
    const config = world.era.native ? (req.config ?? (await world.getAppConfig())) : world.config;
    const models = {};
    for (const endpoint of config.endpoints.custom) {
      models[endpoint.name] = await load(endpoint, req.user);
    }
    return models;
  };
}

module.exports = { customModels };
