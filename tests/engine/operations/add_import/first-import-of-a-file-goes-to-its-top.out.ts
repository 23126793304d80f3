import { request } from './request';
export const three = 3;
