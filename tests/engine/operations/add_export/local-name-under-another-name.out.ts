import { three } from './three';
export { one as first };

const one = three - 2;
export const two = one + one;
