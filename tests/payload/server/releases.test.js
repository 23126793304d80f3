const test = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');

const { LIBRECHAT_GIT } = process.env;
const skip = LIBRECHAT_GIT
  ? false
  : 'needs LibreChat’s releases: set LIBRECHAT_GIT to a repository';

function git(...args) {
  const options = { cwd: LIBRECHAT_GIT, encoding: 'utf8', maxBuffer: 1e8, stdio: 'pipe' };
  return execFileSync('git', args, options);
}

/** The files among `paths` that a release has, as one text. */
function sources(tag, ...paths) {
  const existing = git('ls-tree', '-r', '--name-only', tag, '--', ...paths).split('\n');
  return existing
    .filter(Boolean)
    .map((path) => git('show', `${tag}:${path}`))
    .join('\n');
}

function releases() {
  return git('tag', '--list', 'v0.7.*', 'v0.8.*').split('\n').filter(Boolean);
}

/** What the host adapter cannot do without, and where a release has it. */
const NEEDED = {
  getUserKey: {
    in: ['api/server/services/UserService.js', 'packages/data-schemas/src/methods/key.ts'],
    is: /getUserKey\b/,
  },
  getUserKeyExpiry: {
    in: ['api/server/services/UserService.js', 'packages/data-schemas/src/methods/key.ts'],
    is: /getUserKeyExpiry\b/,
  },
  'a reader of the configuration': {
    in: [
      'api/server/services/Config/index.js',
      'api/server/services/Config/app.js',
      'api/server/services/Config/getCustomConfig.js',
    ],
    is: /\bget(?:App|Custom)Config\b/,
  },
  extractEnvVariable: {
    in: ['packages/data-provider/src'],
    is: /export function extractEnvVariable/,
  },
  'the token cache': { in: ['api/cache/getLogStores.js'], is: /CacheKeys\.TOKEN_CONFIG/ },
  'the literal user_provided': {
    in: ['packages/data-provider/src/schemas.ts', 'api/server/utils/handleText.js'],
    is: /= 'user_provided'/,
  },
  mongoose: { in: ['api/package.json'], is: /"mongoose"/ },
};

test('every release has what the payload needs', { skip }, async (t) => {
  for (const tag of releases()) {
    await t.test(tag, () => {
      for (const [what, { in: paths, is }] of Object.entries(NEEDED)) {
        assert.match(sources(tag, ...paths), is, what);
      }
    });
  }
});
