export const models = () => '/api/models';
export const fetchModels = () => '/api/models/refresh';
