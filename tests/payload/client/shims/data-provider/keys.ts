export { QueryKeys } from 'librechat-data-provider-published';
