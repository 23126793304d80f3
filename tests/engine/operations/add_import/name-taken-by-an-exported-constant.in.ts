import request from './request';

export const check = () => request;
