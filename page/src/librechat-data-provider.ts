/** The names in LibreChat's package that the refresh uses: the same in every release. */
export enum QueryKeys {
  name = 'name',
  models = 'models',
  endpoints = 'endpoints',
}

export enum EModelEndpoint {
  openAI = 'openAI',
  google = 'google',
  anthropic = 'anthropic',
  assistants = 'assistants',
  custom = 'custom',
}
