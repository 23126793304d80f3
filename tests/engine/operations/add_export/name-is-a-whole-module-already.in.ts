export * as one from './numbers';
