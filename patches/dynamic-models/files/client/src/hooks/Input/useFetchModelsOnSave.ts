import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { QueryKeys, EModelEndpoint } from 'librechat-data-provider';
import { useFetchUserModelsMutation } from 'librechat-data-provider/react-query';
import type { TEndpointsConfig, TUpdateUserKeyRequest } from 'librechat-data-provider';
import type { MutateOptions, UseMutationResult } from '@tanstack/react-query';
import { announceModelChange } from './modelRefreshRecord';

/**
 * Wraps the mutation that stores a user's key: once the key is stored, `mutate` has the server
 * fetch the models it reaches. Promises carry this instead of per-call callbacks, which are
 * dropped when the dialog closes before the server answers. Failures end here: the first one
 * already shows in the mutation's state, and a failed fetch does not undo a stored key.
 */
const useFetchModelsOnSave = <TData, TError, TContext>(
  mutation: UseMutationResult<TData, TError, TUpdateUserKeyRequest, TContext>,
): UseMutationResult<TData, TError, TUpdateUserKeyRequest, TContext> => {
  const queryClient = useQueryClient();
  const { mutateAsync: saveKey } = mutation;
  const { mutateAsync: fetchModels } = useFetchUserModelsMutation();

  const mutate = useCallback(
    (
      variables: TUpdateUserKeyRequest,
      options?: MutateOptions<TData, TError, TUpdateUserKeyRequest, TContext>,
    ) => {
      const saveAndFetch = async () => {
        await saveKey(variables, options);

        const endpoints = queryClient.getQueryData<TEndpointsConfig>([QueryKeys.endpoints]);
        if (endpoints && endpoints[variables.name]?.type !== EModelEndpoint.custom) {
          return;
        }
        announceModelChange();
        await fetchModels({ endpoint: variables.name });
      };

      saveAndFetch().catch(() => undefined);
    },
    [saveKey, fetchModels, queryClient],
  );

  return { ...mutation, mutate };
};

export default useFetchModelsOnSave;
