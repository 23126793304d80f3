export { zero as first } from './numbers';
