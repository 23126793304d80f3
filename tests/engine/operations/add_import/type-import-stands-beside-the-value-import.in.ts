import { check } from './types';

export const ok = check();
