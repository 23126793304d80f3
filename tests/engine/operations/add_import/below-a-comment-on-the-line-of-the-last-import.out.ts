import request from './request'; // axios inside
import { check } from './check';

export const get = () => request;
