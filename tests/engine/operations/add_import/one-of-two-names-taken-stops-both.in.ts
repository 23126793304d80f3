import { check } from '~/utils';

export const ok = check();
