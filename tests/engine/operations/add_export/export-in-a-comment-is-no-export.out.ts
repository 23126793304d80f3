// export * from './usage';
export * from './config';
export * from './usage';
