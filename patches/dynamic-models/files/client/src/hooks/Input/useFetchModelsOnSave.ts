import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { tellUserKeyChange } from 'librechat-data-provider/react-query';
import type { MutateOptions, UseMutationResult } from '@tanstack/react-query';
import type { TUpdateUserKeyRequest } from 'librechat-data-provider';

/**
 * Wraps the mutation that stores a user's key: once the key is stored, `mutate` says so, and the
 * models that it reaches are fetched. A promise carries this instead of a per-call callback, which
 * is dropped when the dialog closes before the server answers. A failure ends here: it already
 * shows in the mutation's state.
 */
const useFetchModelsOnSave = <TData, TError, TContext>(
  mutation: UseMutationResult<TData, TError, TUpdateUserKeyRequest, TContext>,
): UseMutationResult<TData, TError, TUpdateUserKeyRequest, TContext> => {
  const queryClient = useQueryClient();
  const { mutateAsync: saveKey } = mutation;

  const mutate = useCallback(
    (
      variables: TUpdateUserKeyRequest,
      options?: MutateOptions<TData, TError, TUpdateUserKeyRequest, TContext>,
    ) => {
      saveKey(variables, options)
        .then(() => tellUserKeyChange(queryClient, variables))
        .catch(() => undefined);
    },
    [saveKey, queryClient],
  );

  return { ...mutation, mutate };
};

export default useFetchModelsOnSave;
