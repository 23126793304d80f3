import {
  useOne,
  useTwo, // the second
  useFetch
} from '~/hooks';

export const both = {
  one: useOne,
  two: useTwo
};
