import type { TKey } from './types';
import { check } from './types';

export const ok: TKey = check();
