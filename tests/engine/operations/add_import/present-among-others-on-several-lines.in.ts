import {
  limit,
  // the one we want
  check,
} from './check';

export const ok = check(limit);
