export const models = () => '/api/models'
export const user = () => '/api/user'
export const fetchModels = () => (`${models()}/fetch`)
