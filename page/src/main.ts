/**
 * The client part of dynamic-models for a LibreChat whose client is built already: index.html
 * imports this script. It changes nothing of LibreChat's own. It hears the answers to LibreChat's
 * requests, asks the server for fresh lists of models, and has LibreChat reload the one it shows.
 */
import type { AxiosResponse, AxiosStatic } from 'axios';
import { refreshRevokedKey, refreshSavedKey } from '~input/refreshModels';
import { watchModels } from '~input/watchModels';
import { findHttpClient, findQueryClient } from './librechat';

/** Beside `assets/`, also when LibreChat lives below a path of its own. */
const API = new URL('../api/', import.meta.url);

const start = (http: AxiosStatic): void => {
  let userId: string | undefined;
  let stop = (): void => undefined;

  const page = {
    queryClient: findQueryClient,
    userId: () => userId,
    fetchUserModels: async (payload) =>
      (await http.post(new URL('models/fetch', API).href, payload)).data,
  };

  const logIn = (id?: string): void => {
    if (id !== userId) {
      stop();
      userId = id;
      stop = id ? watchModels(page, id) : () => undefined;
    }
  };

  /** What was answered already: a request that is sent again with a new token passes twice. */
  const answered = new WeakSet<AxiosResponse>();

  const hear = (response: AxiosResponse): void => {
    const { url = '', method, data } = response.config;
    const { href } = new URL(url, document.baseURI);
    const path = href.startsWith(API.href) ? href.slice(API.href.length) : '';
    if (answered.has(response)) {
      return;
    }
    answered.add(response);
    if (method === 'put' && path === 'keys') {
      refreshSavedKey(page, JSON.parse(data).name);
    } else if (method === 'delete' && /^keys[/?]/.test(path)) {
      refreshRevokedKey(page);
    } else if (method === 'get' && path === 'user') {
      logIn(response.data.id ?? response.data._id);
    } else if (path === 'auth/logout') {
      logIn();
    }
  };

  http.interceptors.response.use((response) => {
    try {
      hear(response);
    } catch {
      /** An answer of another shape is LibreChat's own business. */
    }
    return response;
  });

  /** LibreChat may have asked who is logged in before this script came. */
  const user = findQueryClient()?.getQueryData<{ id?: string; _id?: string }>(['user']);
  logIn(user?.id ?? user?._id);
};

findHttpClient()
  .then((http) => http && start(http))
  .catch(() => undefined);
