/** `librechat-data-provider` as a patched LibreChat builds it. */
import { dataService as published } from 'librechat-data-provider-published';
import { fetchUserModels } from './data-provider/data-service';

export * from 'librechat-data-provider-published';
export const dataService = { ...published, fetchUserModels };
