export const defaultModels = {};
