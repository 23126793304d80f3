const { once } = require('events');
const { customModels } = require('./customModels');

/**
 * A server with the patched files of an era: the controller with its shared cache (up to v0.8.4) or
 * its own fetching (from v0.8.5-rc1 on), and the two routes.
 */
class LibreChat {
  constructor(world, payload) {
    this.world = world;
    this.payload = payload;
    /** The map that up to v0.8.4 all users share. */
    this.shared = undefined;
    this.nativeFetches = [];
    const fetchModels = async (params) => {
      this.nativeFetches.push(params);
      return ['natively-fetched'];
    };
    /** The exports of UserService, from v0.8.2-rc1 on of the models. */
    this.models = payload.guardUserKeys({
      getUserKey: world.getUserKey,
      getUserKeyValues: world.getUserKeyValues,
      ...(world.hasKeyModel && {
        updateUserKey: world.updateUserKey,
        deleteUserKey: world.deleteUserKey,
      }),
    });
    const getUserKeyValues = payload.skipUserKeys(this.models.getUserKeyValues);
    this.loadConfigModels = customModels(world, { getUserKeyValues, fetchModels });
    const loadModels = (req) => this.loadModels(req);
    this.controllers = payload.withUserModels({
      modelController: (req, res) => this.modelController(req, res),
      loadModels,
      getModelsConfig: loadModels,
      fetchUserModelsController: payload.fetchUserModelsController,
    });
  }

  async loadModels(req) {
    if (this.shared) {
      return this.shared;
    }
    const models = { openAI: ['gpt-4o'], ...(await this.loadConfigModels(req)) };
    if (!this.world.era.native) {
      this.shared = models;
    }
    return models;
  }

  async modelController(req, res) {
    res.send(await this.payload.showUserModels(req, await this.loadModels(req)));
  }

  /** @param {string} userId */
  request(userId, body) {
    return { user: { id: userId, role: 'USER' }, ...(body && { body }) };
  }

  /** The list that a user is shown for an endpoint. */
  async shown(userId, endpoint = 'LiteLLM') {
    const req = this.request(userId);
    return (await this.payload.showUserModels(req, await this.loadModels(req)))[endpoint];
  }

  /** The list that a user's chat is validated against. */
  async accepted(userId, body, endpoint = 'LiteLLM') {
    return (await this.controllers.getModelsConfig(this.request(userId, body)))[endpoint];
  }

  /** Whether a chat passes LibreChat's validation; false would be a violation. */
  async chat(userId, model, endpoint = 'LiteLLM') {
    return (await this.accepted(userId, { endpoint, model }, endpoint)).includes(model);
  }

  /** Listens, with the Express of the era; `user` stands for the authentication. */
  async listen(t, express = require(this.world.era.express)) {
    const app = express();
    app.use(express.json());
    const authenticate = (req, res, next) => {
      const id = req.headers['x-user'];
      req.user = id ? { id, role: 'USER' } : undefined;
      return id ? next() : res.sendStatus(401);
    };
    app.get('/api/models', authenticate, this.controllers.modelController);
    app.post('/api/models/fetch', authenticate, this.controllers.fetchUserModelsController);
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    this.url = `http://127.0.0.1:${server.address().port}/api/models`;
  }

  async send(path, userId, init = {}) {
    const headers = { 'content-type': 'application/json', ...(userId && { 'x-user': userId }) };
    const response = await fetch(this.url + path, { headers, ...init });
    const text = await response.text();
    this.world.written.push(text, ...[...response.headers].flat());
    const body = /^[{[]/.test(text) ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body };
  }

  get(userId) {
    return this.send('', userId);
  }

  /** @param {string} userId @param {unknown} [body] - No body at all when undefined. */
  post(userId, body) {
    return this.send('/fetch', userId, {
      method: 'POST',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

/** @param {import('./world').World} world */
function startLibreChat(world, changes) {
  return new LibreChat(world, world.start(changes));
}

module.exports = { startLibreChat };
