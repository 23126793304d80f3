import { check } from './check';

export const three = 3;
