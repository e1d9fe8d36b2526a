// Descriptors are shared between reads, and let go.
import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OpenFiles } from './open-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-open-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Files below the folder that this process holds open. */
async function held(): Promise<number> {
  let count = 0;
  for (const descriptor of await readdir('/proc/self/fd'))
    if ((await readlink(`/proc/self/fd/${descriptor}`).catch(() => '')).startsWith(folder)) count++;
  return count;
}

test.runIf(process.platform === 'linux')('one descriptor per file, a bounded number, none after close', async () => {
  const files = new OpenFiles();
  const paths = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const path = join(folder, `${i}`);
      await writeFile(path, `${i}`);
      return path;
    }),
  );
  const descriptors = await Promise.all([1, 2, 3].map(() => files.use(paths[0]!, '', async (fd) => fd)));
  expect(new Set(descriptors).size).toBe(1);
  for (const path of paths) await files.use(path, '', async () => undefined);
  await expect.poll(held).toBe(64);
  files.forget(paths[99]!);
  await expect.poll(held).toBe(63);
  await files.close();
  expect(await held()).toBe(0);
});

test.runIf(process.platform === 'linux')(
  'a descriptor in use outlives close, then goes; idle ones go by themselves',
  async () => {
    const files = new OpenFiles();
    const path = join(folder, 'object');
    await writeFile(path, 'x');
    await files.use(path, '', async () => {
      await files.close();
      expect(await held()).toBe(1);
    });
    expect(await held()).toBe(0);
    await files.use(path, '', async () => undefined);
    expect(await held()).toBe(1);
    await expect.poll(held, { timeout: 5000 }).toBe(0);
  },
);

test('a failure is not remembered', async () => {
  const files = new OpenFiles();
  const path = join(folder, 'late');
  await expect(files.use(path, '', async () => 1)).rejects.toMatchObject({ code: 'ENOENT' });
  await writeFile(path, 'x');
  expect(await files.use(path, '', async () => 1)).toBe(1);
  await files.close();
});
