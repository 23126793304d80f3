import { QueryKeys, dataService } from 'librechat-data-provider';
import type { TUserModels } from 'librechat-data-provider/react-query';
import type { TModelsConfig } from 'librechat-data-provider';
import type { QueryClient } from '@tanstack/react-query';
import { hashLists, readRecord, updateRecord } from './modelRefreshRecord';

/** Seconds for which a list is fresh enough at login and page load. */
export const MAX_AGE = 60;

type Endpoints = Record<string, TUserModels>;

const isSameList = (a: string[], b?: string[]): boolean =>
  a.length === b?.length && a.every((model, i) => model === b[i]);

const isShown = (endpoints: Endpoints, shown: TModelsConfig): boolean =>
  Object.keys(endpoints).every((name) => isSameList(endpoints[name].models, shown[name]));

/** LibreChat fills the cache with built-in names until the first list arrives. */
const isPlaceholder = (shown: TModelsConfig): boolean => shown.initial != null;

/** Waits until a list that is being loaded has arrived, so that the answer meets what is shown. */
const waitForLoading = async (queryClient: QueryClient): Promise<void> => {
  const query = queryClient.getQueryCache().find([QueryKeys.models]);
  if (query?.state.fetchStatus === 'fetching') {
    await query.fetch().catch(() => undefined);
  }
};

/** Reloads the list of this tab when another tab has learnt of a change since it was loaded. */
export const catchUp = (queryClient: QueryClient, userId: string): void => {
  const { changedAt = 0 } = readRecord(userId);
  const state = queryClient.getQueryState([QueryKeys.models]);
  if (state && state.dataUpdatedAt < changedAt && changedAt <= Date.now()) {
    queryClient.invalidateQueries([QueryKeys.models]);
  }
};

/** Compares an answer with the list on screen, reloads that list if it is wrong, tells the tabs. */
const applyAnswer = (
  queryClient: QueryClient,
  userId: string,
  endpoints: Endpoints,
  askedAt: number,
): void => {
  const { data: shown, dataUpdatedAt: loadedAt = askedAt } =
    queryClient.getQueryState<TModelsConfig>([QueryKeys.models]) ?? {};
  const { lists: previous, changedAt = 0 } = readRecord(userId);
  const lists = hashLists(endpoints);

  /** An endpoint without a usable key is left out of the answer: its old models must go. */
  const isLeftOut =
    loadedAt < askedAt && Object.keys(previous ?? {}).some((name) => !(name in lists));
  if (shown && !isPlaceholder(shown) && (isLeftOut || !isShown(endpoints, shown))) {
    updateRecord(userId, { lists, changedAt: Date.now() });
    queryClient.invalidateQueries([QueryKeys.models]);
    return;
  }

  /** Other tabs may still show what this one no longer does. */
  const isNews = JSON.stringify(previous) !== JSON.stringify(lists);
  updateRecord(userId, {
    lists,
    changedAt: isNews ? Math.max(changedAt, loadedAt) : changedAt,
  });
};

/**
 * Asks the server for the lists of all eligible endpoints. The question is put on record first, so
 * that no other tab asks as well. A failure changes nothing: the list on screen stays, and the
 * next occasion asks again.
 */
export const refreshModels = async (
  queryClient: QueryClient,
  userId: string,
  isCurrent: () => boolean,
): Promise<void> => {
  const askedAt = Date.now();
  updateRecord(userId, { askedAt });
  try {
    const answer = await dataService.fetchUserModels({ maxAge: MAX_AGE });
    await waitForLoading(queryClient);
    if (isCurrent() && 'endpoints' in answer) {
      applyAnswer(queryClient, userId, answer.endpoints, askedAt);
    }
  } catch {
    return;
  }
};
