import { QueryKeys } from 'librechat-data-provider';
import type { TModelsConfig } from 'librechat-data-provider';
import type { QueryClient, QueryState } from '@tanstack/react-query';

/**
 * When a query is answered with 401, LibreChat's `App` starts over with a new QueryClient, while
 * what is on screen stays with the one it was mounted with. Here is which ones follow one another.
 */
const successions = new WeakMap<QueryClient, QueryClient[]>();

const isOnScreen = (client: QueryClient): boolean =>
  Boolean(client.getQueryCache().find([QueryKeys.models])?.getObserversCount());

/** The clients whose lists may be on screen; the one that is handed over is the last of them. */
const clientsOf = (client?: QueryClient): QueryClient[] =>
  client ? (successions.get(client) ?? [client]) : [];

/** Notes that LibreChat has replaced a client. One without a list on screen is let go. */
export const succeed = (previous: QueryClient, next: QueryClient): void => {
  if (previous !== next) {
    const older = clientsOf(previous).filter((client) => client !== next && isOnScreen(client));
    const clients = [...older, next];
    clients.forEach((client) => successions.set(client, clients));
  }
};

/** The list on screen, or else what the newest client holds. */
export const shownState = (client?: QueryClient): QueryState<TModelsConfig> | undefined =>
  (clientsOf(client).find(isOnScreen) ?? client)?.getQueryState([QueryKeys.models]);

/** When the lists of a client were last loaded anew from here. */
const askedAt = new WeakMap<QueryClient, number>();

const reload = (client: QueryClient): void => {
  askedAt.set(client, Date.now());
  client.invalidateQueries([QueryKeys.models]);
};

/** Loads the lists anew. */
export const reloadLists = (client?: QueryClient): void => clientsOf(client).forEach(reload);

/** Loads the lists anew, but for those that were asked for, from here, after a moment. */
export const reloadListsAskedBefore = (client: QueryClient | undefined, moment: number): void =>
  clientsOf(client)
    .filter((each) => (askedAt.get(each) ?? 0) < moment)
    .forEach(reload);

/** Loads those lists anew that were loaded before a moment. */
export const reloadOlderLists = (client: QueryClient | undefined, moment: number): void =>
  clientsOf(client).forEach((each) => {
    const state = each.getQueryState([QueryKeys.models]);
    if (state && state.dataUpdatedAt < moment) {
      reload(each);
    }
  });

/** Waits until lists that are being loaded have arrived, so that an answer meets what is shown. */
export const waitForLists = async (client?: QueryClient): Promise<void> => {
  for (const each of clientsOf(client)) {
    const query = each.getQueryCache().find([QueryKeys.models]);
    if (query?.state.fetchStatus === 'fetching') {
      await query.fetch().catch(() => undefined);
    }
  }
};

/** What any of the clients holds under a key, such as the endpoints of this server. */
export const findData = <T>(client: QueryClient | undefined, key: string[]): T | undefined =>
  clientsOf(client)
    .map((each) => each.getQueryData<T>(key))
    .find((data) => data !== undefined);
