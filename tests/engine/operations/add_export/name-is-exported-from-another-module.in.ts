import { three } from './three';
export { one } from './digits';

export const six = three + three;
