import { fetchModels } from './fetch';
export const models = () => fetchModels('/api/models');
