/** `librechat-data-provider/react-query` as a patched LibreChat builds it. */
export * from 'librechat-data-provider-published/react-query';
export * from '../../../../patches/dynamic-models/files/packages/data-provider/src/react-query/user-models';
