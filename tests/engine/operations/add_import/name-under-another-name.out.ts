import { list, fetch as fetchModels } from './models';

export const all = list();
