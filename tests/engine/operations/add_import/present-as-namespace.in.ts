import * as endpoints from './endpoints';

export const url = endpoints.keys();
