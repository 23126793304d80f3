import { QueryKeys, EModelEndpoint } from 'librechat-data-provider';
import type {
  TUserModels,
  TFetchUserModelsError,
  TFetchUserModelsErrorResponse,
} from 'librechat-data-provider/react-query';
import type { TModelsConfig, TEndpointsConfig } from 'librechat-data-provider';
import type { ModelRefreshPage } from './modelRefreshPage';
import { findData, shownState, reloadLists, waitForLists, reloadOlderLists } from './modelLists';
import { announceModelChange, hashLists, readRecord, updateRecord } from './modelRefreshRecord';
import { tellProblem, tellRefusedKeys } from './keyProblems';

/** Seconds for which a list is fresh enough at login, at page load and in an open menu. */
export const MAX_AGE = 60;

type Endpoints = Record<string, TUserModels>;

/** Built-in endpoints whose models the server fetches with the key of a user. */
const BUILT_IN: string[] = [
  EModelEndpoint.openAI,
  EModelEndpoint.google,
  EModelEndpoint.anthropic,
  EModelEndpoint.assistants,
];

const isSameList = (a: string[], b?: string[]): boolean =>
  a.length === b?.length && a.every((model, i) => model === b[i]);

const isShown = (endpoints: Endpoints, shown: TModelsConfig): boolean =>
  Object.keys(endpoints).every((name) => isSameList(endpoints[name].models, shown[name]));

/** LibreChat fills the cache with built-in names until the first list arrives. */
const isPlaceholder = (shown: TModelsConfig): boolean => shown.initial != null;

/** Reloads the lists of this tab when another tab has learnt of a change since they were loaded. */
export const catchUp = (page: ModelRefreshPage, userId: string): void => {
  const { changedAt = 0 } = readRecord(userId);
  if (changedAt <= Date.now()) {
    reloadOlderLists(page.queryClient(), changedAt);
  }
};

/** Compares an answer with the list on screen, reloads that list if it is wrong, tells the tabs. */
const applyAnswer = (
  page: ModelRefreshPage,
  userId: string,
  endpoints: Endpoints,
  askedAt: number,
): void => {
  const { data: shown, dataUpdatedAt: loadedAt = askedAt } = shownState(page.queryClient()) ?? {};
  const { lists: previous, changedAt = 0 } = readRecord(userId);
  const lists = hashLists(endpoints);
  const isNews = JSON.stringify(previous) !== JSON.stringify(lists);

  /** An endpoint without a usable key is left out of the answer: its old models must go. */
  const isLeftOut =
    loadedAt < askedAt && Object.keys(previous ?? {}).some((name) => !(name in lists));
  if (shown && !isPlaceholder(shown) && (isLeftOut || !isShown(endpoints, shown))) {
    /** Several tabs that asked at once learn the same: the first of them has told the others. */
    const isTold = !isNews && changedAt >= askedAt;
    updateRecord(userId, { lists, changedAt: isTold ? changedAt : Date.now() });
    reloadLists(page.queryClient());
    return;
  }

  /** Other tabs may still show what this one no longer does. */
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
export const refreshModels = async (page: ModelRefreshPage, userId: string): Promise<void> => {
  const askedAt = Date.now();
  updateRecord(userId, { askedAt });
  try {
    const answer = await page.fetchUserModels({ maxAge: MAX_AGE });
    await waitForLists(page.queryClient());
    if (page.userId() === userId && 'endpoints' in answer) {
      applyAnswer(page, userId, answer.endpoints, askedAt);
      tellRefusedKeys(page, userId, answer.endpoints);
    }
  } catch {
    return;
  }
};

/** Answers with what is wrong: also when the server has a last good list to show. */
const fetchModels = async (
  page: ModelRefreshPage,
  endpoint: string,
): Promise<TFetchUserModelsError | undefined> => {
  try {
    const answer = await page.fetchUserModels({ endpoint });
    return 'error' in answer ? answer.error : undefined;
  } catch (failure) {
    const { response } = failure as {
      response?: { data?: Partial<TFetchUserModelsErrorResponse> };
    };
    return response?.data?.error;
  }
};

/**
 * Has the server ask the provider what a key reaches that was just saved, and reloads the lists.
 * They are reloaded rather than written: a written list loses to an older GET that is still under
 * way. They are reloaded after a failure as well, for the server then knows best whether the last
 * good list or the defaults apply. Other tabs hear of it twice: when the key changes, in case this
 * tab is closed right after, and when the models are there.
 */
export const refreshSavedKey = async (page: ModelRefreshPage, endpoint: string): Promise<void> => {
  const endpoints = findData<TEndpointsConfig>(page.queryClient(), [QueryKeys.endpoints]);
  const isCustom = endpoints?.[endpoint]?.type === EModelEndpoint.custom;
  if (endpoints && !isCustom && !BUILT_IN.includes(endpoint)) {
    return;
  }
  announceModelChange();
  const problem = await fetchModels(page, endpoint);
  announceModelChange();
  reloadLists(page.queryClient());
  tellProblem(page, endpoint, problem);
};

/** Reloads the lists of every tab after a key was revoked. */
export const refreshRevokedKey = (page: ModelRefreshPage): void => {
  announceModelChange();
  reloadLists(page.queryClient());
};
