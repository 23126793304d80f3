export { one } from './numbers';
