export const keys = () => '/api/keys';
export const models = () => '/api/models';
export const fetchModels = () => `${models()}/fetch`;
export const user = () => '/api/user';
