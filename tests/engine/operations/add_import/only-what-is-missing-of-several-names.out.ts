import { fetch, list, forget } from './models';

export const all = fetch();
