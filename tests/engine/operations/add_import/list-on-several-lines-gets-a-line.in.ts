import {
  useOne,
  useTwo, // the second
} from '~/hooks';

export const both = [useOne, useTwo];
