import { three } from './three';

const one = three - 2;
export const two = one + one;
