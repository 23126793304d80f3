import {
  useOne,
  useFetch,
  useForget as useDrop,
} from '~/hooks';

export const one = useOne();
