import {
  useOne,
  useTwo // the second
} from '~/hooks';

export const both = {
  one: useOne,
  two: useTwo
};
