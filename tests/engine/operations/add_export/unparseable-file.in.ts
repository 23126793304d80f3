export * from './config';
export const = 3;
