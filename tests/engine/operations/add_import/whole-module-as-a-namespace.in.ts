import request from './request';

export const get = () => request;
