/**
 * Type-checks the payload, and the lines that call it, in the sources of LibreChat releases:
 *
 *     LIBRECHAT_GIT=/path/to/LibreChat node releases/check-types.mjs [TAG ...]
 *
 * The sources come from git; nothing is installed or built per release. React, react-query and the
 * other packages whose types matter here come from this folder, any other package counts as `any`.
 * Only the new and the edited files are looked at, and what the release itself already reports
 * in the edited ones does not count. Each release is checked with the oldest and the newest
 * compiler that LibreChat's package.json files name; COMPILERS=typescript leaves out the oldest.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EDITED_FILES, NEW_FILES, patch } from './edits.mjs';

const require = createRequire(import.meta.url);
const { COMPILERS = 'typescript-oldest,typescript' } = process.env;
const compilers = COMPILERS.split(',').map((name) => require(name));
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

const repository = process.env.LIBRECHAT_GIT;
if (!repository) {
  console.log('skipped: LIBRECHAT_GIT names no repository');
  process.exit(0);
}
const git = (...args) => execFileSync('git', ['-C', repository, ...args], { maxBuffer: 1 << 28 });

const tags = process.argv.slice(2);
if (tags.length === 0) {
  const all = git('tag', '--list', '--sort=version:refname', 'v0.7.*', 'v0.8.*').toString();
  tags.push(...all.split('\n').filter(Boolean));
}

const dataProvider = (root) => ({
  config: join(root, 'packages/data-provider/tsconfig.json'),
  options: {
    paths: { 'librechat-data-provider/react-query': ['./src/react-query/index.ts'] },
    baseUrl: join(root, 'packages/data-provider'),
  },
});

const client = (root) => ({
  config: join(root, 'client/tsconfig.json'),
  options: {
    baseUrl: root,
    paths: {
      '~/*': ['./client/src/*'],
      'librechat-data-provider/react-query': ['./packages/data-provider/src/react-query/index.ts'],
      'librechat-data-provider': ['./packages/data-provider/src/index.ts'],
      '@librechat/client': ['./packages/client/src/index.ts'],
    },
  },
});

const diagnose = (ts, root, { config, options }, files) => {
  const { config: json } = ts.readConfigFile(config, ts.sys.readFile);
  const parsed = ts.convertCompilerOptionsFromJson(json.compilerOptions, join(config, '..'));
  const compilerOptions = { ...parsed.options, ...options, noEmit: true, declaration: false };
  delete compilerOptions.declarationDir;
  const present = files.map((file) => join(root, file)).filter(ts.sys.fileExists);
  const program = ts.createProgram(present, compilerOptions);
  return present.flatMap((path) => {
    const source = program.getSourceFile(path);
    return [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map(({ messageText }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, ' ');
      return `${path.slice(root.length + 1)}: ${message}`.replaceAll(root, '');
    });
  });
};

const isClient = (file) => file.startsWith('client/');
const check = (ts, root, files) => [
  ...diagnose(
    ts,
    root,
    dataProvider(root),
    files.filter((file) => !isClient(file)),
  ),
  ...diagnose(ts, root, client(root), files.filter(isClient)),
];

let failures = 0;
for (const tag of tags) {
  const root = mkdtempSync(join(tmpdir(), 'librechat-types-'));
  try {
    const paths = ['client/src', 'client/tsconfig.json', 'packages/data-provider'];
    if (git('ls-tree', tag, 'packages/client').length > 0) {
      paths.push('packages/client/src');
    }
    const archive = git('archive', tag, ...paths);
    execFileSync('tar', ['-x', '-C', root], { input: archive });
    symlinkSync(modules, join(root, 'node_modules'));

    patch(root);
    const found = compilers.map((ts) => check(ts, root, [...NEW_FILES, ...EDITED_FILES]));
    let added = found;
    if (found.some((lines) => lines.length > 0)) {
      execFileSync('tar', ['-x', '-C', root], { input: archive });
      const known = compilers.map((ts) => new Set(check(ts, root, EDITED_FILES)));
      added = found.map((lines, i) => lines.filter((line) => !known[i].has(line)));
    }
    failures += added.flat().length;
    const versions = compilers.map(({ version }, i) => `TypeScript ${version}: ${added[i].length}`);
    console.log(`${added.flat().length ? 'FAIL' : 'ok  '} ${tag} (${versions.join(', ')})`);
    added.flat().forEach((line) => console.log(`       ${line}`));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
process.exit(failures ? 1 : 0);
