import { check } from './types';
import type { TModels, TKey } from './types';

export const ok = check();
