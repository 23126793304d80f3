import { strict as check } from './check';

export const ok = check();
