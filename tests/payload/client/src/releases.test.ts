import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** The oldest release, the newest, and two around which the client's packages moved. */
const TAGS = ['v0.7.0', 'v0.7.9', 'v0.8.4', 'v0.8.8-rc1'];

it.skipIf(!process.env.LIBRECHAT_GIT)(
  'the payload type-checks in LibreChat releases (needs LIBRECHAT_GIT, a repository with the tags)',
  { timeout: 30 * 60_000 },
  () => {
    const { status, stdout, stderr } = spawnSync('node', ['releases/check-types.mjs', ...TAGS], {
      encoding: 'utf8',
      env: { COMPILERS: 'typescript', ...process.env },
    });
    expect(stderr).toBe('');
    expect(stdout.match(/^ok /gm)).toHaveLength(TAGS.length);
    expect(status).toBe(0);
  },
);
