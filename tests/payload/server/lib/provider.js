const http = require('http');
const { once } = require('events');

/** A provider that lists other models for each key, and misbehaves on demand. */
class Provider {
  constructor() {
    /** @type {Map<string, string[]>} */
    this.models = new Map();
    /** @type {Array<{ path: string, key: string, headers: object }>} */
    this.calls = [];
    /** @type {((request: http.IncomingMessage, response: http.ServerResponse) => void) | null} */
    this.behave = null;
    this.gate = Promise.resolve();
    this.server = http.createServer((request, response) => this.answer(request, response));
  }

  static async start() {
    const provider = new Provider();
    provider.server.listen(0, '127.0.0.1');
    await once(provider.server, 'listening');
    provider.port = provider.server.address().port;
    provider.url = `http://127.0.0.1:${provider.port}/v1`;
    return provider;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Holds every answer back until the returned function is called. */
  hold() {
    let release;
    this.gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** @param {number} status - Of every answer from now on. */
  fail(status, body = '{"error":{"message":"mock failure"}}', headers = {}) {
    this.behave = (request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body);
    };
  }

  /** @param {string | Buffer} body - Of every answer from now on. */
  say(body, headers = {}) {
    this.fail(200, body, headers);
  }

  recover() {
    this.behave = null;
  }

  async answer(request, response) {
    const key = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    this.calls.push({ path: request.url, key, headers: request.headers });
    await this.gate;
    if (this.behave) {
      return this.behave(request, response);
    }
    const models = this.models.get(key);
    response.writeHead(models ? 200 : 401, { 'content-type': 'application/json' });
    const data = models?.map((id) => ({ id, object: 'model' }));
    return response.end(JSON.stringify(data ? { object: 'list', data } : { error: `bad ${key}` }));
  }
}

module.exports = { Provider };
