export { three } from './three';
export { one, two as second } from './numbers';
