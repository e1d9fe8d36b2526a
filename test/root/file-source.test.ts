// A local file that changes while it is open is an error, never a mixture of what it was and what it is.
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileSource } from '../../src/ingest/root/source/file-source.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['longer', 'abcdef', 0],
  ['shorter', 'ab', 0],
  ['written anew', 'wxyz', 60],
])('%s', async (name, then, later) => {
  const path = join(folder, name);
  await writeFile(path, 'abcd');
  const source = await FileSource.open(path);
  expect((await source.read(1, 2)).toString()).toBe('bc');
  await writeFile(path, then);
  const now = Date.now() / 1000;
  if (later > 0) await utimes(path, now + later, now + later);
  await expect(source.read(1, 2)).rejects.toMatchObject({ code: '55006' });
  await source.close();
});

test('beyond its end, and what is no file', async () => {
  const path = join(folder, 'short');
  await writeFile(path, 'abcd');
  const source = await FileSource.open(path);
  await expect(source.read(3, 2)).rejects.toMatchObject({ code: 'XX001' });
  await source.close();
  await expect(FileSource.open(folder)).rejects.toMatchObject({ code: '42809' });
  await expect(FileSource.open(join(path, 'x'))).rejects.toMatchObject({ code: '58P01' });
});
