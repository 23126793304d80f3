export type { Key } from './types';
