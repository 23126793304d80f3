import request from './request';

/** The list. */
export const getModels = async (): Promise<TModels> => {
  return request.get('/models');
};

export const fetchModels = (
  payload: TFetchRequest,
): Promise<TFetchResponse> => request.post('/models/fetch', payload);
