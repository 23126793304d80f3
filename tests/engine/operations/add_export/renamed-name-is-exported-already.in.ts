export {
  one as first,
} from './numbers';
