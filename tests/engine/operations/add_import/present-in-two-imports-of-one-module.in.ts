import { limit } from './check';
import { check } from './check';

export const ok = check(limit);
