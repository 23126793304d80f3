import request from './request'; // axios inside

export const get = () => request;
