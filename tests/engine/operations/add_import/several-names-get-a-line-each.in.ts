import {
  useOne,
} from '~/hooks';

export const one = useOne();
