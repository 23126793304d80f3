import { check, type Key } from './types';

export const key = (k: Key) => check(k);
