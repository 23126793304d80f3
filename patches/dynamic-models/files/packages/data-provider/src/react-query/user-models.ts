import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueryClient, UseMutationResult } from '@tanstack/react-query';
import type {
  TSavedUserKey,
  TFetchUserModelsRequest,
  TFetchUserModelsResponse,
} from '../types/userModels';
import * as dataService from '../data-service';
import { QueryKeys } from '../keys';

export type {
  TUserModels,
  TSavedUserKey,
  TUserModelsSource,
  TUserModelsTokenConfig,
  TFetchUserModelsError,
  TFetchUserModelsRequest,
  TFetchUserModelsResponse,
  TFetchUserModelsErrorCode,
  TFetchAllUserModelsResponse,
  TFetchEndpointModelsResponse,
  TFetchUserModelsErrorResponse,
} from '../types/userModels';

/**
 * Has the server ask the provider for the models that this user's key reaches, then reloads the
 * model list. The list is reloaded rather than written: a written list loses to an older GET that
 * is still under way. It is reloaded after a failure as well, for the server then knows best
 * whether the last good list or the defaults apply.
 */
export const useFetchUserModelsMutation = (): UseMutationResult<
  TFetchUserModelsResponse,
  unknown,
  TFetchUserModelsRequest,
  unknown
> => {
  const queryClient = useQueryClient();
  return useMutation((payload: TFetchUserModelsRequest) => dataService.fetchUserModels(payload), {
    onSettled: () => {
      queryClient.invalidateQueries([QueryKeys.models]);
    },
  });
};

type UserKeyListener = (saved?: TSavedUserKey) => void;

const keyListeners = new WeakMap<QueryClient, UserKeyListener>();

/**
 * Has `listener` called whenever a key of this user was saved, with what was saved, or
 * revoked, without. A client has one listener.
 *
 * @returns Ends it.
 */
export const listenToUserKeys = (
  queryClient: QueryClient,
  listener: UserKeyListener,
): (() => void) => {
  keyListeners.set(queryClient, listener);
  return () => {
    keyListeners.delete(queryClient);
  };
};

/** Says that a key of this user was saved, or, when nothing is handed over, that it was revoked. */
export const tellUserKeyChange = (queryClient: QueryClient, saved?: TSavedUserKey): void => {
  keyListeners.get(queryClient)?.(saved);
};
