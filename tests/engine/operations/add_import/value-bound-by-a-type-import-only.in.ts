import type { Key } from './types';

export const key = (k: Key) => k;
