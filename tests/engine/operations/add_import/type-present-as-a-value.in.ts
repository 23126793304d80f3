import { Key } from './types';

export const key = new Key();
