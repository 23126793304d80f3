/**
 * The published data service, with the two lines that the patch adds to `api-endpoints.ts` and
 * `data-service.ts`.
 */
import { dataService, request } from 'librechat-data-provider-published';
import type { TFetchUserModelsRequest, TFetchUserModelsResponse } from './types/userModels';

export const { getModels, updateUserKey, revokeUserKey, revokeAllUserKeys } = dataService;

export const fetchUserModels = (
  payload: TFetchUserModelsRequest,
): Promise<TFetchUserModelsResponse> => request.post('/api/models/fetch', payload);
