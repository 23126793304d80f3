export const defaults = { models: "all" };
