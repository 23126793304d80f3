/**
 * The HTTP surface of a patched LibreChat as the browser sees it, behind axios itself: the
 * published data service sends its requests here.
 */
import axios, { AxiosError, AxiosHeaders } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';

type Lists = Record<string, string[]>;
type Answer = { status: number; data: unknown };
type Route =
  | 'GET user'
  | 'POST logout'
  | 'GET models'
  | 'GET endpoints'
  | 'PUT keys'
  | 'DELETE keys'
  | 'POST fetch';

const ROUTES: [string, RegExp, Route][] = [
  ['get', /\/api\/models$/, 'GET models'],
  ['get', /\/api\/user$/, 'GET user'],
  ['post', /\/api\/auth\/logout$/, 'POST logout'],
  ['get', /\/api\/endpoints$/, 'GET endpoints'],
  ['put', /\/api\/keys$/, 'PUT keys'],
  ['delete', /\/api\/keys\//, 'DELETE keys'],
  ['post', /\/api\/models\/fetch$/, 'POST fetch'],
];

export class Server {
  /** Models served without a usable key. */
  defaults: Lists = { LiteLLM: ['default-model'], openAI: ['gpt-4o'] };
  /** Models that each key reaches at the provider. */
  provider: Lists = { 'sk-alice': ['alice-1', 'alice-2'], 'sk-bob': ['bob-1'] };
  keys: Record<string, string> = {};
  /** The lists the server remembers; GET answers from here, POST asks the provider. */
  cache: Lists = {};
  calls: string[] = [];
  urls: string[] = [];
  delay: Partial<Record<Route, number>> = {};
  /** Answers that replace the usual one, such as failures. */
  override: Partial<Record<Route, () => Answer>> = {};

  install(): this {
    axios.defaults.adapter = (config) => this.handle(config);
    return this;
  }

  count(route: Route): number {
    return this.calls.filter((call) => call.startsWith(route)).length;
  }

  fail(route: Route, status: number, code = 'internal_error'): void {
    this.override[route] = () => ({ status, data: { error: { code, message: code } } });
  }

  private async handle(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const match = ROUTES.find(([method, url]) => method === config.method && url.test(config.url!));
    if (!match) {
      throw new Error(`unexpected request: ${config.method} ${config.url}`);
    }
    const route = match[2];
    const body = typeof config.data === 'string' ? config.data : '';
    this.urls.push(config.url!);
    this.calls.push(`${route} ${body || config.url}`);

    /** Decided on arrival, as by a server that has read its database before it was slow. */
    const answer = this.override[route]?.() ?? this.answer(route, body, config.url!);
    await new Promise((resolve) => setTimeout(resolve, this.delay[route] ?? 10));
    const response = { ...answer, statusText: '', headers: new AxiosHeaders(), config };
    if (answer.status >= 400) {
      throw new AxiosError('refused', 'ERR', config, null, response);
    }
    return response;
  }

  private answer(route: Route, body: string, url: string): Answer {
    switch (route) {
      case 'GET user':
        return { status: 200, data: { _id: 'alice' } };
      case 'POST logout':
        return { status: 200, data: {} };
      case 'GET models':
        return { status: 200, data: this.shown() };
      case 'GET endpoints':
        return { status: 200, data: ENDPOINTS };
      case 'PUT keys': {
        const { name, value } = JSON.parse(body);
        this.keys[name] = JSON.parse(value).apiKey;
        delete this.cache[name];
        return { status: 201, data: '' };
      }
      case 'DELETE keys':
        delete this.keys[url.split('/').pop()!];
        return { status: 204, data: '' };
      case 'POST fetch':
        return this.fetch(JSON.parse(body));
    }
  }

  private shown(): Lists {
    const lists: Lists = { ...this.defaults };
    for (const name of Object.keys(this.keys)) {
      lists[name] = this.cache[name] ?? this.provider[this.keys[name]] ?? this.defaults[name];
    }
    return lists;
  }

  private fetch({ endpoint }: { endpoint?: string }): Answer {
    const names = endpoint == null ? Object.keys(this.keys) : [endpoint];
    const endpoints: Record<string, unknown> = {};
    for (const name of names) {
      this.cache[name] = this.provider[this.keys[name]] ?? this.defaults[name];
      endpoints[name] = {
        models: this.cache[name],
        source: 'provider',
        fetchedAt: new Date().toISOString(),
      };
    }
    const data =
      endpoint == null ? { endpoints } : { endpoint, ...(endpoints[endpoint] as object) };
    return { status: 200, data };
  }
}

export const ENDPOINTS = {
  LiteLLM: { order: 0, type: 'custom', userProvide: true },
  openAI: { order: 1, userProvide: true },
};
