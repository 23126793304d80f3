import request from './request';

export function get() {
  const check = 1;
  return request(check);
}
