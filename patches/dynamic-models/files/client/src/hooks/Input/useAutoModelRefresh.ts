import { useRef, useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { TUser } from 'librechat-data-provider';
import { MODEL_REFRESH_KEY, readRecord } from './modelRefreshRecord';
import { MAX_AGE, catchUp, refreshModels } from './refreshModels';
import { useAuthContext } from '~/hooks';

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
 * Keeps the models of user-provided keys up to date: asks at login and page load, and when the tab
 * is shown again five minutes or more after the last refresh by any tab of this browser. Nothing
 * happens while the tab is hidden, and there is no timer.
 */
const useAutoModelRefresh = (isAuthenticated: boolean): void => {
  const queryClient = useQueryClient();
  const { user } = useAuthContext();
  /** Whose answers may still be used; an effect that runs twice keeps the first one's answer. */
  const currentUser = useRef<string | undefined>(undefined);
  /** After a page load LibreChat knows the user by `_id` only, until GET /api/user answers. */
  const userId = user?.id ?? (user as (TUser & { _id?: string }) | undefined)?._id;

  useEffect(() => {
    if (!isAuthenticated || !userId) {
      return;
    }
    currentUser.current = userId;
    let after = LOAD_AFTER;

    const check = () => {
      if (document.visibilityState === 'hidden') {
        return;
      }
      if (isDue(userId, after)) {
        refreshModels(queryClient, userId, () => currentUser.current === userId);
      } else {
        catchUp(queryClient, userId);
      }
      after = RETURN_AFTER;
    };
    const onStorage = (event: StorageEvent) => {
      if (event.key === MODEL_REFRESH_KEY && document.visibilityState !== 'hidden') {
        catchUp(queryClient, userId);
      }
    };

    document.addEventListener('visibilitychange', check);
    window.addEventListener('storage', onStorage);
    check();

    return () => {
      currentUser.current = undefined;
      document.removeEventListener('visibilitychange', check);
      window.removeEventListener('storage', onStorage);
    };
  }, [isAuthenticated, userId, queryClient]);
};

export default useAutoModelRefresh;
