import { one } from './one';
import {
  fetchUserModelsController,
  showUserModels,
  withUserModels,
} from '~/server/services/DynamicModels';

export const two = {
  one,
};
