/**
 * Bundles the script for a LibreChat whose client is built already:
 *
 *     npm ci && npm run build     writes the script into the patch
 *     npm run check               says whether the script in the patch is what would be written
 *
 * What decides when to ask and what to do with an answer comes from the hooks of the patch as it
 * is. The result is minified because every page load pays for it; its first lines say where to read.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const SCRIPT = at('../patches/dynamic-models/files/client/dist/assets/dynamic-models.js');
const MAX_GZIPPED = 3000;
const BANNER = `/* The patch dynamic-models of librechat-patcher, made from its page/src and
   patches/dynamic-models/files/client/src/hooks/Input. */`;

const { outputFiles } = await build({
  entryPoints: [at('src/main.ts')],
  absWorkingDir: at('.'),
  bundle: true,
  write: false,
  format: 'esm',
  minify: true,
  lineLimit: 100,
  banner: { js: BANNER },
  /** What LibreChat's own build asks of a browser: Vite's default, "modules". */
  target: 'es2020',
  charset: 'utf8',
  alias: {
    'librechat-data-provider': at('src/librechat-data-provider.ts'),
    '~input': at('../patches/dynamic-models/files/client/src/hooks/Input'),
  },
  tsconfigRaw: {},
});
const script = outputFiles[0].text;

const size = gzipSync(script, { level: 9 }).length;
if (size > MAX_GZIPPED) {
  console.error(`${size} bytes gzipped are more than ${MAX_GZIPPED}`);
  process.exit(1);
}
if (!process.argv.includes('--check')) {
  writeFileSync(SCRIPT, script);
} else if (readFileSync(SCRIPT, 'utf8') !== script) {
  console.error('the script in the patch is not what its sources make: run npm run build');
  process.exit(1);
}
console.log(`${script.length} bytes, ${size} gzipped`);
