import { fetch as fetchModels } from './models';

export const all = fetchModels();
