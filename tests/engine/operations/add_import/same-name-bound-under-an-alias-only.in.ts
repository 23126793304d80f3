import { list as everything } from './models';

export const all = everything();
