import type { TKey } from './types';

export const key: TKey = 'a';
