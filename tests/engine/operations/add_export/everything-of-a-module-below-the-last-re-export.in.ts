export * from './config';
export * from './feedback';

export const three = 3;
