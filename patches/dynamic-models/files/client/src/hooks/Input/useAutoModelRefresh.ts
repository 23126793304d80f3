import { useRef, useEffect } from 'react';
import { dataService } from 'librechat-data-provider';
import { useQueryClient } from '@tanstack/react-query';
import { listenToUserKeys } from 'librechat-data-provider/react-query';
import type { TUser } from 'librechat-data-provider';
import { refreshRevokedKey, refreshSavedKey } from './refreshModels';
import type { ModelRefreshPage } from './modelRefreshPage';
import { watchModels } from './watchModels';
import { useAuthContext, useLocalize } from '~/hooks';
import { succeed } from './modelLists';

/** Up to v0.7.6 texts have `{0}` and take their values one by one, later `{{0}}` and an object. */
type Localize = (key: string, values?: Record<number, string>) => string | undefined;

const fillIn = (localize: Localize, key: string, values: string[]): string | undefined => {
  const text = localize(key);
  return text && /\{\d\}/.test(text)
    ? text.replace(/\{(\d)\}/g, (_, i) => values[i])
    : localize(key, { ...values });
};

/** Keeps the models of user-provided keys up to date for as long as somebody is logged in. */
const useAutoModelRefresh = (
  isAuthenticated: boolean,
  { showToast }: Pick<ModelRefreshPage, 'showToast'>,
): void => {
  const localize = useLocalize() as Localize;
  const queryClient = useQueryClient();
  const { user } = useAuthContext();
  const currentClient = useRef(queryClient);
  const display = useRef({ localize, showToast });
  /** Whose answers may still be used; an effect that runs twice keeps the first one's answer. */
  const currentUser = useRef<string | undefined>(undefined);
  /** After a page load LibreChat knows the user by `_id` only, until GET /api/user answers. */
  const userId = user?.id ?? (user as (TUser & { _id?: string }) | undefined)?._id;

  useEffect(() => {
    display.current = { localize, showToast };
  });

  useEffect(() => {
    succeed(currentClient.current, queryClient);
    currentClient.current = queryClient;
    if (!isAuthenticated || !userId) {
      return;
    }
    currentUser.current = userId;
    const page: ModelRefreshPage = {
      queryClient: () => currentClient.current,
      userId: () => currentUser.current,
      fetchUserModels: dataService.fetchUserModels,
      localize: (key, values) => fillIn(display.current.localize, key, values),
      showToast: (toast) => display.current.showToast(toast),
    };
    const stopListening = listenToUserKeys(queryClient, (savedEndpoint) =>
      savedEndpoint == null ? refreshRevokedKey(page) : refreshSavedKey(page, savedEndpoint),
    );
    const stopWatching = watchModels(page, userId);

    return () => {
      currentUser.current = undefined;
      stopListening();
      stopWatching();
    };
  }, [isAuthenticated, userId, queryClient]);
};

export default useAutoModelRefresh;
