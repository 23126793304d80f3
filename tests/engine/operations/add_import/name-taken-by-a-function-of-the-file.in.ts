import request from './request';

function check() {
  return request;
}

export const ok = check();
