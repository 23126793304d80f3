import { Defaults } from './types';

export const defaults: Defaults = {
  keys: 'one',
  models: 'all',
};
