import request from './request';
import { check } from '~/utils';

export const ok = check(request);
