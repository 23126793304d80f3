import { check, type TKey } from './types';

export const key: TKey = check();
