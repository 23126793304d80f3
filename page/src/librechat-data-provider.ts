/** The names in LibreChat's package that the refresh uses: the same in every release. */
export const QueryKeys = {
  models: 'models',
  endpoints: 'endpoints',
} as const;

export const EModelEndpoint = {
  openAI: 'openAI',
  google: 'google',
  anthropic: 'anthropic',
  assistants: 'assistants',
  custom: 'custom',
} as const;
