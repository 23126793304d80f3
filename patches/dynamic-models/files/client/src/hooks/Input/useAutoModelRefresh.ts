import { useRef, useEffect } from 'react';
import { dataService } from 'librechat-data-provider';
import { useQueryClient } from '@tanstack/react-query';
import { listenToUserKeys } from 'librechat-data-provider/react-query';
import type { TUser } from 'librechat-data-provider';
import { refreshRevokedKey, refreshSavedKey } from './refreshModels';
import { watchModels } from './watchModels';
import { useAuthContext } from '~/hooks';
import { succeed } from './modelLists';

/** Keeps the models of user-provided keys up to date for as long as somebody is logged in. */
const useAutoModelRefresh = (isAuthenticated: boolean): void => {
  const queryClient = useQueryClient();
  const { user } = useAuthContext();
  const currentClient = useRef(queryClient);
  /** Whose answers may still be used; an effect that runs twice keeps the first one's answer. */
  const currentUser = useRef<string | undefined>(undefined);
  /** After a page load LibreChat knows the user by `_id` only, until GET /api/user answers. */
  const userId = user?.id ?? (user as (TUser & { _id?: string }) | undefined)?._id;

  useEffect(() => {
    succeed(currentClient.current, queryClient);
    currentClient.current = queryClient;
    if (!isAuthenticated || !userId) {
      return;
    }
    currentUser.current = userId;
    const page = {
      queryClient: () => currentClient.current,
      userId: () => currentUser.current,
      fetchUserModels: dataService.fetchUserModels,
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
