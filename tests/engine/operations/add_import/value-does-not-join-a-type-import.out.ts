import type { TKey } from './types';
import { check } from './types';

export const key: TKey = 'a';
