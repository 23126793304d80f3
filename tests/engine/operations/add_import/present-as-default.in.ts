import request, { retry } from './request';

export const get = () => retry(request);
