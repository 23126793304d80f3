/**
 * The client part of dynamic-models for a LibreChat whose client is built already: index.html
 * imports this script. It changes nothing of LibreChat's own. It hears the answers to LibreChat's
 * requests, asks the server for fresh lists of models, and has LibreChat reload the one it shows.
 */
import type { AxiosResponse } from 'axios';
import type { ModelRefreshPage } from '~input/modelRefreshPage';
import { refreshRevokedKey, refreshSavedKey } from '~input/refreshModels';
import { watchModels } from '~input/watchModels';
import { endWaitForAssistants, findModules, findQueryClient, showToast } from './librechat';

/** Beside `assets/`, also when LibreChat lives below a path of its own. */
const API = new URL('../api/', import.meta.url);

/** What is heard of an answer once: a request that is sent again with a new token passes twice. */
const heard = new WeakSet<AxiosResponse>();

const start = async (): Promise<void> => {
  const { http, texts } = await findModules();
  if (!http) {
    return;
  }
  let userId: string | undefined;
  let stop: (() => void) | undefined;

  const page: ModelRefreshPage = {
    showToast,
    queryClient: findQueryClient,
    userId: () => userId,
    localize: (key, values) => texts?.t(key, { ...values }),
    fetchUserModels: async (payload) =>
      (await http.post(new URL('models/fetch', API).href, payload)).data,
  };

  const logIn = (id?: string): void => {
    if (id !== userId) {
      stop?.();
      userId = id;
      stop = id ? watchModels(page, id) : undefined;
    }
  };

  const hear = (response: AxiosResponse): unknown => {
    const { url = '', method, data } = response.config;
    const { href } = new URL(url, document.baseURI);
    if (heard.has(response) || !href.startsWith(API.href)) {
      return;
    }
    heard.add(response);
    const request = `${method} ${href.slice(API.href.length)}`;
    if (request === 'put keys') {
      return refreshSavedKey(page, JSON.parse(data).name);
    } else if (/^delete keys[/?]/.test(request)) {
      return refreshRevokedKey(page);
    } else if (request === 'get user') {
      return logIn(response.data.id ?? response.data._id);
    } else if (request.endsWith(' auth/logout')) {
      return logIn();
    } else if (/^get (models|endpoints)$/.test(request)) {
      return setTimeout(endWaitForAssistants);
    }
  };

  /** An answer of a shape that is not known is LibreChat's own business. */
  http.interceptors.response.use((response) => {
    Promise.resolve(response)
      .then(hear)
      .catch(() => undefined);
    return response;
  });

  /** LibreChat may have asked before this script came. */
  const user = findQueryClient()?.getQueryData<{ id?: string; _id?: string }>(['user']);
  logIn(user?.id ?? user?._id);
  endWaitForAssistants();
};

start().catch(() => undefined);
