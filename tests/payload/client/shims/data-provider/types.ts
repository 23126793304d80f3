export type { TUpdateUserKeyRequest } from 'librechat-data-provider-published';
