import type { TKey, TModels } from './types';
import { check } from './types';

export const ok: TKey = check();
