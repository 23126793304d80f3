export { one } from './numbers';
export * from './numbers';
