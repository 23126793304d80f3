import { MODEL_REFRESH_KEY, readRecord } from './modelRefreshRecord';
import { MAX_AGE, catchUp, refreshModels } from './refreshModels';
import type { ModelRefreshPage } from './modelRefreshPage';
import { reloadListsAskedBefore } from './modelLists';

const MINUTE = 60 * 1000;

/** How old the last refresh must be before a page load, and before a returning tab, asks. */
const LOAD_AFTER = MAX_AGE * 1000;
const RETURN_AFTER = 5 * MINUTE;

/** How long a user without eligible endpoints is left alone. Saving a key ends it. */
const SILENCE = 24 * 60 * MINUTE;

/**
 * There only while a menu of models is open: the rows of endpoints (`endpoint-item-NAME` up to
 * v0.7.7, `endpoint-NAME-menu` from v0.7.8 on), or the list of models beside them up to v0.7.7.
 */
const OPEN_MENU = [
  '[id^="endpoint-item-"]',
  '[id^="endpoint-"][id$="-menu"]',
  '[data-testid="select-dropdown-button"][aria-expanded="true"]',
].join();

const isDue = (userId: string, after: number): boolean => {
  const { askedAt = 0, lists } = readRecord(userId);
  const hasNone = lists != null && Object.keys(lists).length === 0;
  const age = Date.now() - askedAt;
  return age < 0 || age >= (hasNone ? SILENCE : after);
};

/**
 * Keeps the models of a user's keys up to date: asks at login and page load, when the tab is shown
 * again five minutes or more after the last refresh by any tab of this browser, and, after one
 * minute, when a menu of models opens, which moves the focus into it. Nothing happens while the
 * tab is hidden, and there is no timer.
 *
 * @returns Stops it.
 */
export const watchModels = (page: ModelRefreshPage, userId: string): (() => void) => {
  let after = LOAD_AFTER;
  /** The last change that this tab knows of. */
  let known = readRecord(userId).changedAt;

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
  const onFocus = () => {
    if (isDue(userId, LOAD_AFTER) && document.querySelector(OPEN_MENU)) {
      refreshModels(page, userId);
    }
  };
  /**
   * Another tab has put something on record. When that is a change, lists are loaded anew that were
   * asked for before it, also when they came after it.
   */
  const onStorage = (event: StorageEvent) => {
    if (event.key !== MODEL_REFRESH_KEY || document.visibilityState === 'hidden') {
      return;
    }
    const { changedAt } = readRecord(userId);
    if (changedAt !== known && changedAt != null && changedAt <= Date.now()) {
      known = changedAt;
      reloadListsAskedBefore(page.queryClient(), changedAt);
    }
  };

  document.addEventListener('visibilitychange', check);
  document.addEventListener('focusin', onFocus);
  window.addEventListener('storage', onStorage);
  check();

  return () => {
    document.removeEventListener('visibilitychange', check);
    document.removeEventListener('focusin', onFocus);
    window.removeEventListener('storage', onStorage);
  };
};
