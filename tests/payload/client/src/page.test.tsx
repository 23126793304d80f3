import axios from 'axios';
import { act, createContext } from 'react';
import { readFileSync } from 'node:fs';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { MODEL_REFRESH_KEY } from '~payload/modelRefreshRecord';
import type { AxiosStatic } from 'axios';
import type { ReactNode } from 'react';
import type { Root } from 'react-dom/client';
import { ENDPOINTS, Server } from './server';

/** The script as it is installed, in a page as LibreChat's build leaves it. */
const SCRIPT = readFileSync(
  '../../../patches/dynamic-models/files/client/dist/assets/dynamic-models.js',
  'utf8',
);
const AT = 'http://librechat.test/assets/dynamic-models.0123abcd.js';
const KEY = { name: 'LiteLLM', value: JSON.stringify({ apiKey: 'sk-alice' }), expiresAt: '' };

const quiet = { log: () => undefined, warn: () => undefined, error: () => undefined };
const newClient = () =>
  new QueryClient({ defaultOptions: { queries: { retry: false } }, logger: quiet });
const dataURL = (text: string) =>
  `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;

let server: Server;
let http: AxiosStatic;
let client: QueryClient;
let root: Root;
let toasts: string[];
let problems: unknown[];
let texts: object | undefined;
let loads = 0;

const ToastContext = createContext({ showToast: (_: { message: string }): void => undefined });
const showToast = ({ message }: { message: string }) => void toasts.push(message);

const Models = () => {
  const models = async () => (await http.get('/api/models')).data;
  const { data } = useQuery<Record<string, string[]>>(['models'], models, { staleTime: Infinity });
  return <p>{data?.LiteLLM?.join()}</p>;
};

const render = (extra?: ReactNode): Promise<void> =>
  act(async () =>
    root.render(
      <QueryClientProvider client={client}>
        <ToastContext.Provider value={{ showToast }}>
          <Models />
          {extra}
        </ToastContext.Provider>
      </QueryClientProvider>,
    ),
  ) as unknown as Promise<void>;

const shown = () => document.querySelector('p')?.textContent;

/** Lets answers arrive: nothing of the page is faked but the server. */
const settle = (ms = 60): Promise<void> =>
  act(async () => {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }) as unknown as Promise<void>;

const load = async (script = SCRIPT, url = AT): Promise<void> => {
  const text = script.replaceAll('import.meta.url', JSON.stringify(url)) + `\n// ${++loads}`;
  await import(/* @vite-ignore */ dataURL(text));
  await settle();
};

/** What the page lists: a chunk with axios among other things, and one that is gone. */
const list = (exports: Record<string, unknown>): void => {
  Object.assign(globalThis, { exported: exports });
  const names = Object.keys(exports).map((name) => `export const ${name} = exported.${name};`);
  document.head.innerHTML = [
    `<link rel="modulepreload" href="${dataURL(`${names.join('\n')}\n// ${++loads}`)}">`,
    '<script type="module" src="data:text/javascript,throw new Error()"></script>',
  ].join('');
};

const onError = (event: Event) => void problems.push(event);
const onRejection = (reason: unknown) => void problems.push(reason);

beforeEach(async () => {
  vi.useRealTimers();
  problems = [];
  toasts = [];
  window.addEventListener('error', onError);
  process.on('unhandledRejection', onRejection);
  server = new Server().install();
  server.keys = { LiteLLM: 'sk-alice' };
  http = axios.create() as AxiosStatic;
  Object.assign(http, { isAxiosError: axios.isAxiosError });
  http.defaults.adapter = axios.defaults.adapter;
  texts = {
    t: (key: string, values: object) => `${key} ${Object.values(values)}`,
    changeLanguage: 1,
  };
  client = newClient();
  client.setQueryData(['endpoints'], ENDPOINTS);
  document.body.innerHTML = '<div id="root"></div>';
  root = createRoot(document.getElementById('root')!);
  const motion = new Proxy(() => undefined, { get: () => () => undefined });
  list({ motion, nothing: null, http, texts });
});

afterEach(async () => {
  await http.post('/api/auth/logout');
  await settle();
  await act(async () => root.unmount());
  document.head.innerHTML = document.body.innerHTML = '';
  window.removeEventListener('error', onError);
  process.off('unhandledRejection', onRejection);
  expect(problems).toEqual([]);
});

const logIn = async (): Promise<void> => {
  client.setQueryData(['user'], { id: 'alice' });
  await render();
  await load();
};

describe('the script for a built client', () => {
  it('asks once at a page load, and again after a minute only', async () => {
    await logIn();
    expect(server.calls).toContain('POST fetch {"maxAge":60}');
    await load();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('waits for the user when nobody is logged in yet', async () => {
    await render();
    await load();
    expect(server.count('POST fetch')).toBe(0);
    await http.get('/api/user');
    await settle();
    expect(server.count('POST fetch')).toBe(1);
  });

  it('shows the models of a saved key, and the defaults after it was revoked', async () => {
    await logIn();
    server.provider['sk-alice'] = ['alice-3'];
    server.calls = [];
    await http.put('/api/keys', JSON.stringify(KEY));
    await settle();
    expect(shown()).toBe('alice-3');
    expect(server.count('POST fetch')).toBe(1);
    await http.delete('/api/keys/LiteLLM');
    await settle();
    expect(shown()).toBe('default-model');
    expect(server.count('POST fetch')).toBe(1);
    expect(toasts).toEqual([]);
  });

  it('finds its way below a path of its own', async () => {
    client.setQueryData(['user'], { id: 'alice' });
    await render();
    await load(SCRIPT, 'http://librechat.test/chat/assets/dynamic-models.0123abcd.js');
    await http.put('/chat/api/keys', JSON.stringify(KEY));
    await settle();
    expect(server.urls).toContain('http://librechat.test/chat/api/models/fetch');
    expect(server.calls.at(-2)).toContain('POST fetch {"endpoint":"LiteLLM"}');
    await http.post('/chat/api/auth/logout');
  });

  it("says in LibreChat's toast what is wrong with a key", async () => {
    await logIn();
    server.fail('POST fetch', 502, 'provider_timeout');
    await http.put('/api/keys', JSON.stringify(KEY));
    await settle();
    expect(toasts).toEqual(['com_error_endpoint_models_not_loaded LiteLLM,']);
  });

  it("falls back to the server's message where the texts cannot be found", async () => {
    list({ http });
    await logIn();
    server.fail('POST fetch', 502, 'provider_unauthorized');
    await http.put('/api/keys', JSON.stringify(KEY));
    await settle();
    expect(toasts).toEqual(['LiteLLM: provider_unauthorized']);
  });

  it('reloads the list on screen after LibreChat has replaced its QueryClient', async () => {
    await logIn();
    client = newClient();
    client.setQueryData(['endpoints'], ENDPOINTS);
    await render();
    server.provider['sk-alice'] = ['alice-3'];
    await http.put('/api/keys', JSON.stringify(KEY));
    await settle();
    expect(shown()).toBe('alice-3');
  });

  it('stops at a logout, and starts for the next user', async () => {
    await logIn();
    await http.post('/api/auth/logout');
    await settle();
    localStorage.removeItem(MODEL_REFRESH_KEY);
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(server.count('POST fetch')).toBe(1);
    await http.get('/api/user');
    await settle();
    expect(server.count('POST fetch')).toBe(2);
  });

  it('leaves an open conversation of v0.7.0 alone by saying that there are no assistants', async () => {
    const key = ['assistants', { order: 'asc' }];
    const Assistants = () => {
      useQuery(key, () => [], { enabled: false });
      useQuery(['assistants', 'openAI', {}], () => [], { enabled: false });
      return null;
    };
    client.setQueryData(['user'], { id: 'alice' });
    await render(<Assistants />);
    await load();
    expect(client.getQueryData(key)).toEqual({ data: [] });
    expect(client.getQueryData(['assistants', 'openAI', {}])).toBeUndefined();
  });
});

describe('the script never breaks the page', () => {
  const useIt = async () => {
    await http.put('/api/keys', JSON.stringify(KEY));
    await http.get('/api/user');
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new StorageEvent('storage', { key: MODEL_REFRESH_KEY }));
    await settle();
  };

  it.each([
    ['no HTTP client', { other: () => undefined }],
    ['nothing exported', {}],
  ])('with %s', async (_, exports) => {
    list(exports);
    await logIn();
    await useIt();
    expect(server.count('POST fetch')).toBe(0);
  });

  it.each([
    ['no root', () => (document.body.innerHTML = '')],
    [
      'a root that React no longer marks',
      () => (document.body.innerHTML = '<div id="root"></div>'),
    ],
  ])('with %s', async (_, change) => {
    await render();
    change();
    await load();
    await useIt();
    expect(localStorage.getItem(MODEL_REFRESH_KEY)).toContain('changedAt');
  });

  it.each(['<!doctype html>', '', null, [], { endpoints: null }])(
    'when a server without the patch answers %j',
    async (data) => {
      server.override['POST fetch'] = () => ({ status: 200, data });
      await logIn();
      await useIt();
      expect(shown()).toBe('alice-1,alice-2');
      expect(server.count('POST fetch')).toBe(2);
    },
  );

  it('when it is cut off', async () => {
    await render();
    await expect(load(SCRIPT.slice(0, SCRIPT.length / 2))).rejects.toThrow();
    await settle();
    expect(shown()).toBe('alice-1,alice-2');
  });

  it('when LibreChat answers with what it never did', async () => {
    await logIn();
    server.override['PUT keys'] = () => ({ status: 201, data: null });
    await http.put('/api/keys', 'no JSON').catch(() => undefined);
    server.override['GET user'] = () => ({ status: 200, data: null });
    await http.get('/api/user');
    await settle();
    expect(shown()).toBe('alice-1,alice-2');
  });
});
