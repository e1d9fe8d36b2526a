// Which version a statement, a transaction and an open result see, and that `gc` of another process spares it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { types } from '../../src/core/index.js';
import { Database, type QueryResult, rowsOf } from '../../src/session/index.js';
import { collectGarbage, type ObjectStore, openStore } from '../../src/store/index.js';
import { writeFiles } from '../store/write-files.js';

let folder: string;
/** Another process's door to the same store. */
let other: ObjectStore;
let database: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-view-'));
  other = await openStore(`file:${folder}`);
  await write('create', 'a', 1, 2, 3, 4, 5, 6);
  database = await Database.open(`file:${folder}`, { threads: 1 });
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** Two rows per partition. */
const write = (mode: 'create' | 'append' | 'replace', source: string, ...values: number[]) =>
  writeFiles(other, 'd', mode, [
    { source, trees: [{ path: 'T', rows: 2, columns: [{ name: 'x', type: types.int4, values }] }] },
  ]);

/** Everything older than now goes, but for what is pinned. */
const gc = () => collectGarbage(other, { grace: 0, now: Date.now() + 1000 });

async function values(result: QueryResult): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of result.batches)
    for (const row of rowsOf(
      batch,
      result.columns.map((c) => c.type),
    ))
      rows.push(row[0]);
  return rows;
}

async function pins(): Promise<number> {
  let count = 0;
  for await (const _ of other.list('datasets/d/pin/')) count++;
  return count;
}

test('each statement sees the newest version, whoever made it', async () => {
  const session = database.session();
  expect(await values(await session.sql('SELECT x FROM d.t'))).toEqual([1, 2, 3, 4, 5, 6]);
  await write('append', 'b', 7);
  expect(await values(await session.sql('SELECT x FROM d.t'))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  await write('replace', 'c', 9);
  await gc();
  expect(await values(await session.native('select *, project T.x', { dataset: 'd' }))).toEqual([9]);
});

test('an open result keeps its version through replacement and gc', async () => {
  const result = await database.session().sql('SELECT x FROM d.t');
  await write('replace', 'b', 9);
  await gc();
  expect(await values(result)).toEqual([1, 2, 3, 4, 5, 6]);
  const half = await database.session().sql('SELECT x FROM d.t');
  const rows = half.batches[Symbol.asyncIterator]();
  expect((await rows.next()).value!.numRows).toBe(1);
  await rows.return?.();
});

test('a result read halfway goes on, and one that is closed unread lets go', async () => {
  const result = await database.session().sql('SELECT x FROM d.t WHERE x > 0');
  const rows = result.batches[Symbol.asyncIterator]();
  const first = await rows.next();
  expect(first.value!.numRows).toBe(2);
  await write('replace', 'b', 9);
  expect(await gc()).toMatchObject({ versionsKept: 1 });
  let count = 2;
  for (let next = await rows.next(); !next.done; next = await rows.next()) count += next.value.numRows;
  expect(count).toBe(6);
  await (await database.session().sql('SELECT x FROM d.t')).close();
  await database.catalog.close();
  expect(await pins()).toBe(0);
  expect(await gc()).toMatchObject({ versionsKept: 0, versionsRetired: 1 });
});

test('a transaction sees the version that its first statement saw; a result outlives it', async () => {
  const session = database.session();
  session.beginTransaction();
  expect(await values(await session.sql('SELECT count(*) FROM d.t'))).toEqual([6n]);
  await write('replace', 'b', 9);
  await gc();
  expect(await values(await session.sql('SELECT x FROM D.t'))).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await values(await session.native('select x > 4, project T.x', { dataset: 'd' }))).toEqual([5, 6]);
  expect(await values(await database.session().sql('SELECT x FROM d.t'))).toEqual([9]);
  const open = await session.sql('SELECT x FROM d.t');
  session.endTransaction();
  await gc();
  expect(await values(await session.sql('SELECT x FROM d.t'))).toEqual([9]);
  expect(await values(open)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('files of a native query are those of the version it sees, though they have moved', async () => {
  await write('append', 'b', 7);
  const session = database.session();
  const ask = async (file: string) => values(await session.native('select *, project T.x', { dataset: 'd', file }));
  expect(await ask('b')).toEqual([7]);
  await write('replace', 'b', 8);
  expect(await ask('b')).toEqual([8]);
  await expect(ask('a')).rejects.toMatchObject({ code: '58P01' });
  await expect(ask('3')).rejects.toMatchObject({ code: '58P01' });
  expect(await ask('0')).toEqual([8]);
  const seen: unknown[] = [];
  for await (const result of session.nativeByFile('select *, project T.x', 'd')) {
    seen.push(await values(result));
    await write('replace', 'z', 1, 2);
    await gc();
  }
  expect(seen).toEqual([[8]]);
});

test('errors let go, and many statements of one version pin it once', async () => {
  const session = database.session();
  for (let i = 0; i < 20; i++) await values(await session.sql('SELECT x FROM d.t'));
  expect(await pins()).toBe(1);
  await expect(session.sql('SELECT nothing FROM d.t')).rejects.toMatchObject({ code: '42703' });
  const aborted = new AbortController();
  const result = await session.sql('SELECT x FROM d.t', { signal: aborted.signal });
  aborted.abort();
  await expect(values(result)).rejects.toMatchObject({ code: '57014' });
  await database.close();
  expect(await pins()).toBe(0);
});

test('EXPLAIN ANALYZE holds what it runs', async () => {
  const lines = await database.session().explain('SELECT x FROM d.t', undefined, { analyze: true });
  expect(lines.join()).toContain('6 rows');
  await database.catalog.close();
  expect(await pins()).toBe(0);
});
