import { MODEL_REFRESH_KEY, readRecord } from './modelRefreshRecord';
import { MAX_AGE, catchUp, refreshModels } from './refreshModels';
import type { ModelRefreshPage } from './refreshModels';

const MINUTE = 60 * 1000;

/** How old the last refresh must be before a page load, and before a returning tab, asks. */
const LOAD_AFTER = MAX_AGE * 1000;
const RETURN_AFTER = 5 * MINUTE;

/** How long a user without eligible endpoints is left alone. Saving a key ends it. */
const SILENCE = 24 * 60 * MINUTE;

const isDue = (userId: string, after: number): boolean => {
  const { askedAt = 0, lists } = readRecord(userId);
  const hasNone = lists != null && Object.keys(lists).length === 0;
  const age = Date.now() - askedAt;
  return age < 0 || age >= (hasNone ? SILENCE : after);
};

/**
 * Keeps the models of a user's keys up to date: asks at login and page load, and when the tab is
 * shown again five minutes or more after the last refresh by any tab of this browser. Nothing
 * happens while the tab is hidden, and there is no timer.
 *
 * @returns Stops it.
 */
export const watchModels = (page: ModelRefreshPage, userId: string): (() => void) => {
  let after = LOAD_AFTER;

  const check = () => {
    if (document.visibilityState === 'hidden') {
      return;
    }
    if (isDue(userId, after)) {
      refreshModels(page, userId);
    } else {
      catchUp(page, userId);
    }
    after = RETURN_AFTER;
  };
  const onStorage = (event: StorageEvent) => {
    if (event.key === MODEL_REFRESH_KEY && document.visibilityState !== 'hidden') {
      catchUp(page, userId);
    }
  };

  document.addEventListener('visibilitychange', check);
  window.addEventListener('storage', onStorage);
  check();

  return () => {
    document.removeEventListener('visibilitychange', check);
    window.removeEventListener('storage', onStorage);
  };
};
