import request from './request';
import { check } from './check';

export function get() {
  const check = 1;
  return request(check);
}
