import { list as everything, list } from './models';

export const all = everything();
