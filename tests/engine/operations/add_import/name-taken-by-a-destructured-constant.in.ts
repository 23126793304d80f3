import request from './request';

const { one, deep: { check }, ...rest } = request;
export const all = [one, check, rest];
