export const models = () => '/api/models';
export function fetchModels() {}
