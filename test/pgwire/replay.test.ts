// What real clients were seen to send (shared/pg-clients), answered with the columns that PostgreSQL gave.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { program } from '../support/programs.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = fileURLToPath(new URL('../../../shared/pg-clients', import.meta.url));
const isThere = existsSync(folder);
if (!isThere) console.warn('SKIPPED: replay, since shared/pg-clients is absent');

/** May only rise. */
const fewestAnswered = 488;

test.runIf(isThere)('recorded statements are answered as recorded', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program('replay'), folder], {
    cwd: root,
  });
  const [, answered, all] = /^answered (\d+) of (\d+)$/m.exec(stdout)!;
  expect(Number(all)).toBe(489);
  expect(Number(answered), stdout).toBeGreaterThanOrEqual(fewestAnswered);
});
