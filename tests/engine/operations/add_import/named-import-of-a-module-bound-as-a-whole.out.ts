import * as endpoints from './endpoints';
import { models } from './endpoints';

export const url = endpoints.keys();
