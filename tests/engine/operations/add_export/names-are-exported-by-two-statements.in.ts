export { one } from './numbers';
export { two } from './numbers';
