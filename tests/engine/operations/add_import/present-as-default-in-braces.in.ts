import { default as request } from './request';

export const get = () => request;
