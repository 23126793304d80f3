import { list } from './models';

export const all = list();
