export { one } from './numbers';
export { two } from './numbers';

export const three = 3;
