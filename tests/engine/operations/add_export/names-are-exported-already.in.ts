export { two, one, three } from './numbers';
