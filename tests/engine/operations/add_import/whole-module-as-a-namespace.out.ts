import request from './request';
import * as endpoints from './endpoints';

export const get = () => request;
