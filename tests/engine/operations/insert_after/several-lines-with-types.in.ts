import request from './request';

/** The list. */
export const getModels = async (): Promise<TModels> => {
  return request.get('/models');
};
