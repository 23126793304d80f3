export const defaults = { models: 'some' };
