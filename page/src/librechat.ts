/**
 * LibreChat's own objects, found in the running page. Each is looked for by what it can do, since
 * a build leaves no names. What LibreChat no longer has is not found, and then nothing happens.
 */
import type { AxiosStatic } from 'axios';
import type { QueryClient } from '@tanstack/react-query';
import { succeed } from '~input/modelLists';

/** A fiber of React: a component in the tree on screen. */
type Fiber = {
  child: Fiber | null;
  sibling: Fiber | null;
  memoizedProps: { client?: Partial<QueryClient> } | null;
};

/** The providers that are looked for stand near the root. */
const MAX_FIBERS = 500;

/**
 * The HTTP client of LibreChat. It adds the user's token and renews it when it has expired. A
 * module is evaluated once, so importing a chunk of the page again gives what LibreChat uses.
 */
export const findHttpClient = async (): Promise<AxiosStatic | undefined> => {
  const chunks = document.querySelectorAll<HTMLLinkElement & HTMLScriptElement>(
    'link[rel=modulepreload], script[type=module][src]',
  );
  const modules: object[] = await Promise.all(
    [...chunks].map(({ href, src }) => import(href || src).catch(() => ({}))),
  );
  /** A Proxy among the exports answers to every name, but does not own it. */
  return modules
    .flatMap((module) => Object.values(module))
    .find(
      (it) =>
        typeof it === 'function' &&
        Object.hasOwn(it, 'isAxiosError') &&
        Object.hasOwn(it, 'interceptors'),
    );
};

const findFiber = (isWanted: (fiber: Fiber) => unknown): Fiber | undefined => {
  const root: object = document.getElementById('root') ?? {};
  const container = Object.entries(root).find(([key]) => key.startsWith('__reactContainer$'));
  const fibers: (Fiber | null | undefined)[] = [container?.[1].stateNode.current];
  for (let i = 0; i < MAX_FIBERS && fibers.length > 0; i++) {
    const fiber = fibers.pop();
    if (!fiber) {
      continue;
    }
    if (isWanted(fiber)) {
      return fiber;
    }
    fibers.push(fiber.sibling, fiber.child);
  }
};

let queryClient: QueryClient | undefined;

/** The cache of LibreChat's lists. Another one than before replaces it. */
export const findQueryClient = (): QueryClient | undefined => {
  const found = findFiber(({ memoizedProps }) => memoizedProps?.client?.getQueryCache);
  const newest = found?.memoizedProps?.client as QueryClient | undefined;
  if (newest) {
    succeed(queryClient ?? newest, newest);
    queryClient = newest;
  }
  return queryClient;
};
