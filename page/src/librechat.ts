/**
 * LibreChat's own objects, found in the running page. Each is looked for by what it can do, since
 * a build leaves no names. What LibreChat no longer has is not found, and then nothing happens.
 */
import type { AxiosStatic } from 'axios';
import type { QueryClient } from '@tanstack/react-query';
import type { ModelRefreshPage } from '~input/modelRefreshPage';
import { succeed } from '~input/modelLists';

/** A fiber of React: a component in the tree on screen. */
type Fiber = {
  child: Fiber | null;
  sibling: Fiber | null;
  memoizedProps: {
    client?: Partial<QueryClient>;
    value?: Partial<Pick<ModelRefreshPage, 'showToast'>>;
  } | null;
};

/** LibreChat's texts from v0.7.7-rc1 on: an instance of i18next. */
type Texts = { t: (key: string, values: object) => string };

type Modules = { http?: AxiosStatic; texts?: Texts };

/** The providers that are looked for stand near the root. */
const MAX_FIBERS = 500;

/** Whether an object has properties of its own: a Proxy among the exports answers to any name. */
const owns = (object: unknown, ...names: string[]): boolean => {
  const own = Object.keys(object ?? {});
  return names.every((name) => own.includes(name));
};

/**
 * The HTTP client of LibreChat, which adds the user's token and renews it when it has expired, and
 * its texts. A module is evaluated once, so importing a chunk of the page again gives what
 * LibreChat uses.
 */
export const findModules = async (): Promise<Modules> => {
  const chunks = document.querySelectorAll<HTMLLinkElement & HTMLScriptElement>(
    'link[rel=modulepreload], script[type=module][src]',
  );
  const modules: object[] = await Promise.all(
    [...chunks].map(({ href, src }) => import(href || src).catch(() => ({}))),
  );
  const exported = modules.flatMap((module) => Object.values(module));
  return {
    http: exported.find((it) => owns(it, 'isAxiosError', 'interceptors')),
    texts: exported.find((it) => owns(it, 't', 'changeLanguage')),
  };
};

const findProps = (
  isWanted: (props: NonNullable<Fiber['memoizedProps']>) => unknown,
): Fiber['memoizedProps'] => {
  const root: object = document.getElementById('root') ?? {};
  const container = Object.entries(root).find(([key]) => key.startsWith('__reactContainer$'));
  const fibers: (Fiber | null | undefined)[] = [container?.[1].stateNode.current];
  for (let i = 0; i < MAX_FIBERS && fibers.length > 0; i++) {
    const fiber = fibers.pop();
    if (fiber?.memoizedProps && isWanted(fiber.memoizedProps)) {
      return fiber.memoizedProps;
    }
    if (fiber) {
      fibers.push(fiber.sibling, fiber.child);
    }
  }
  return null;
};

let queryClient: QueryClient | undefined;

/** The cache of LibreChat's lists. Another one than before replaces it. */
export const findQueryClient = (): QueryClient | undefined => {
  const props = findProps(({ client }) => client?.getQueryCache);
  const newest = props?.client as QueryClient | undefined;
  if (newest) {
    succeed(queryClient ?? newest, newest);
    queryClient = newest;
  }
  return queryClient;
};

export const showToast: ModelRefreshPage['showToast'] = (toast) =>
  findProps(({ value }) => value?.showToast)?.value?.showToast?.(toast);

/**
 * v0.7.0 and v0.7.1 start a new conversation whenever the list of models is reloaded, for as long
 * as the assistants are not there. Where the endpoints are known and the assistants are not asked
 * for, they never come: then there are none. v0.7.2 and v0.7.3 do not mind; later releases name
 * the endpoint in the key of this query.
 */
export const endWaitForAssistants = (): void => {
  const client = findQueryClient();
  if (!client?.getQueryData(['endpoints'])) {
    return;
  }
  for (const query of client.getQueryCache().findAll(['assistants'])) {
    if (query.queryKey.length === 2 && !query.state.data && query.isDisabled()) {
      client.setQueryData(query.queryKey, { data: [] }, { updatedAt: 1 });
    }
  }
};
