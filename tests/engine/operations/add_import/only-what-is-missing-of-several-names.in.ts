import { fetch } from './models';

export const all = fetch();
