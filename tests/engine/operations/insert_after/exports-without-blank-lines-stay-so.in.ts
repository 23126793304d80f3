export const keys = () => '/api/keys';
export const models = () => '/api/models';
export const user = () => '/api/user';
