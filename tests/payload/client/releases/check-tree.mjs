/**
 * Checks the payload in a real LibreChat that has been installed and built:
 *
 *     node releases/check-tree.mjs CHECKOUT COPY
 *
 * COPY is made beside the checkout with hard links, patched, and compared with CHECKOUT: the types
 * of the data provider and the client, eslint and prettier, and LibreChat's own tests around the
 * patched files must find nothing that they do not find in CHECKOUT. The exit code is 1 otherwise.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EDITED_FILES, NEW_FILES, patch } from './edits.mjs';

const TESTS = {
  'packages/data-provider': [],
  client: ['src/hooks/Input', 'src/routes', 'src/components/Input', 'ProviderKeys'],
};

const [checkout, copy] = process.argv.slice(2).map((path) => resolve(path));
if (!checkout || !copy) {
  console.error('usage: node releases/check-tree.mjs CHECKOUT COPY');
  process.exit(2);
}

const run = (root, cwd, command, ...args) => {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin', command), args, {
    cwd: join(root, cwd),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: {
      ...process.env,
      NODE_OPTIONS: '--max-old-space-size=6144',
      CI: '1',
      NODE_ENV: 'development',
      JEST_JUNIT_OUTPUT_FILE: '/dev/null',
    },
  });
  return { status, lines: `${stdout}${stderr}`.replaceAll(root, '').split('\n').filter(Boolean) };
};

/** Diagnostics without their positions: the edits move lines. */
const diagnostics = (root, cwd) =>
  run(root, cwd, 'tsc', '--noEmit', '-p', 'tsconfig.json').lines.map((line) =>
    line.replace(/\(\d+,\d+\)/, ''),
  );

const jest = (root, cwd, paths) =>
  run(
    root,
    cwd,
    'jest',
    '--ci',
    '--coverage=false',
    '--maxWorkers=2',
    '--testTimeout=60000',
    ...paths,
  ).lines.filter((line) => /^(FAIL|\s*●.*›|Tests:|Test Suites:)/.test(line));

let failed = false;
const report = (name, before, after) => {
  const known = new Set(before);
  const added = after.filter((line) => !known.has(line));
  failed ||= added.length > 0;
  console.log(
    `${added.length ? 'FAIL' : 'ok  '} ${name}: ${before.length} before, ${added.length} new`,
  );
  added.forEach((line) => console.log(`       ${line}`));
};

if (!existsSync(copy)) {
  execFileSync('cp', ['-al', checkout, copy]);
}
/** What the build and the tests write must not reach the checkout through the links. */
for (const path of [
  'packages/data-provider/dist',
  'packages/data-provider/junit.xml',
  'client/junit.xml',
]) {
  rmSync(join(copy, path), { recursive: true, force: true });
}
for (const file of EDITED_FILES) {
  rmSync(join(copy, file));
  execFileSync('cp', [join(checkout, file), join(copy, file)]);
}
patch(copy);
/** Later releases build with tsdown, whose own loader wants the Node.js that LibreChat's image has. */
const built = join(copy, 'packages/data-provider');
const steps = existsSync(join(built, 'tsdown.config.mjs'))
  ? ['tsdown --config-loader native', 'tsc -p tsconfig.build.json']
  : ['rollup -c --silent --bundleConfigAsCjs'];
for (const step of steps) {
  execFileSync('npx', step.split(' '), { cwd: built, stdio: ['ignore', 'ignore', 'inherit'] });
}

for (const cwd of ['packages/data-provider', 'client']) {
  report(`tsc in ${cwd}`, diagnostics(checkout, cwd), diagnostics(copy, cwd));
}

const files = [...NEW_FILES, ...EDITED_FILES];
const eslint = (root, list) =>
  run(root, '.', 'eslint', '--format=json', ...list)
    .lines.filter((line) => line.startsWith('[{'))
    .flatMap((line) => JSON.parse(line))
    .flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, message }) => `${filePath}: ${ruleId}: ${message}`),
    );
const prettier = (root, list) => run(root, '.', 'prettier', '--list-different', ...list).lines;
for (const [name, check] of Object.entries({ eslint, prettier })) {
  report(name, check(checkout, EDITED_FILES), check(copy, files));
}

for (const [cwd, paths] of Object.entries(TESTS)) {
  const before = jest(checkout, cwd, paths);
  const after = jest(copy, cwd, paths);
  const total = after.find((line) => line.startsWith('Tests:')) ?? 'did not run';
  failed ||= total === 'did not run';
  report(`jest in ${cwd} (${total})`, before, after);
}

process.exit(failed ? 1 : 0);
