export { three } from './three';
