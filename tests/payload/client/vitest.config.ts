import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const published = here('./node_modules/librechat-data-provider/dist');

/** The payload lies outside of this folder and inside of LibreChat it finds other neighbours. */
export default defineConfig({
  resolve: {
    dedupe: ['react', 'react-dom', '@tanstack/react-query'],
    alias: [
      { find: /^librechat-data-provider-published$/, replacement: `${published}/index.mjs` },
      {
        find: /^librechat-data-provider-published\/react-query$/,
        replacement: `${published}/react-query/index.mjs`,
      },
      {
        find: /^librechat-data-provider$/,
        replacement: here('./shims/librechat-data-provider.ts'),
      },
      {
        find: /^librechat-data-provider\/react-query$/,
        replacement: here('./shims/react-query.ts'),
      },
      { find: /^\.\.\/(data-service|keys)$/, replacement: here('./shims/data-provider/$1.ts') },
      { find: /^~\/hooks$/, replacement: here('./shims/hooks.ts') },
      {
        find: /^~payload\/(.*)$/,
        replacement: here('../../../patches/dynamic-models/files/client/src/hooks/Input/$1'),
      },
    ],
  },
  esbuild: { jsx: 'automatic' },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://librechat.test/' } },
    setupFiles: ['./src/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
    pool: 'threads',
    poolOptions: { threads: { maxThreads: 2 } },
  },
});
