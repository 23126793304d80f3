const BASE = '/api';

export const keys = () => `${BASE}/keys`;

export const models = () => `${BASE}/models`;

export const fetchModels = () => `${models()}/fetch`;

export const user = () => `${BASE}/user`;
