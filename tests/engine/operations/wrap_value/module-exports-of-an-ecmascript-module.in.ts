export const listModels = () => [];
