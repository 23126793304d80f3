export { one } from './numbers';

export const three = 3;
