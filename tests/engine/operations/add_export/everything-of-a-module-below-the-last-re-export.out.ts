export * from './config';
export * from './feedback';
export * from './usage';

export const three = 3;
