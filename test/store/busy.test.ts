// Many processes on one store: writers, ingest and `gc` in loops, killed at any moment and started anew, beside readers that never are.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/index.js';
import { types } from '../../src/core/index.js';
import { ingest } from '../../src/ingest/index.js';
import { collectGarbage, type ObjectStore, openStore } from '../../src/store/index.js';
import { program } from '../support/programs.js';
import { lastingHomes } from './homes.js';
import { readTable } from './read-table.js';
import { writeFiles } from './write-files.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Of turmoil, longer where the machine is so busy that too little has happened yet; SKYHOOK_THOROUGH=1 takes longer. */
const milliseconds = process.env['SKYHOOK_THOROUGH'] === '1' ? 180_000 : 10_000;

let store: ObjectStore;
const running = new Set<ChildProcess>();
interface Actor {
  readonly process: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
}

function start(role: string, name = ''): Actor {
  const process_ = spawn(process.execPath, [program('busy-child'), role, store.url, name], { cwd: root });
  running.add(process_);
  const lines: string[] = [];
  let rest = '';
  let errors = '';
  process_.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
  });
  process_.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    process_.on('close', (code) => {
      running.delete(process_);
      resolve({ code, errors });
    });
  });
  return { process: process_, lines, ended };
}

async function objects(prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list(prefix)) names.push(name);
  return names;
}

describe.each(await lastingHomes())('$name', (home) => {
  beforeEach(async () => {
    store = await openStore(await home.freshUrl());
  });
  afterEach(async () => {
    for (const process of running) process.kill('SIGKILL');
    await store.close();
    await home.clear();
  });

  test('no reader fails or sees half a commit, nothing committed is lost, and gc leaves no orphans', async () => {
    const column = (values: number[]) => [{ path: 'T', rows: 2, columns: [{ name: 'x', type: types.int4, values }] }];
    await writeFiles(store, 'replaced', 'create', [
      { source: 'a', trees: column([0, 0, 0, 0, 0]) },
      { source: 'b', trees: column([0, 0, 0, 0, 0]) },
    ]);
    await writeFiles(store, 'appended', 'create', [{ source: 'first', trees: column([7, 7, 7]) }]);
    const rootFiles = ['a', 'b', 'c'].map((f) => new URL(`../data-model/files/${f}.root`, import.meta.url).pathname);
    await ingest(store, 'ingested', rootFiles);

    const readers = [start('read')];
    const appenders: Actor[] = [];
    const replacers: Actor[] = [];
    const others: Actor[] = [];
    const mortal: { current: Actor; readonly again: () => Actor }[] = [
      ...['one', 'two'].map((name) => () => kept(appenders, start('append', name))),
      () => kept(replacers, start('replace')),
      () => kept(others, start('ingest')),
      () => kept(others, start('gc')),
    ].map((again) => ({ current: again(), again }));
    function kept(list: Actor[], actor: Actor): Actor {
      list.push(actor);
      return actor;
    }
    const until = performance.now() + milliseconds;
    let kills = 0;
    const isEnough = () =>
      kills > 2 &&
      readers.every(({ lines }) => lines.length > 2) &&
      appenders.reduce((sum, { lines }) => sum + lines.length, 0) > 3;
    while (
      (performance.now() < until || (!isEnough() && performance.now() < until + 120_000)) &&
      readers.every(({ process }) => process.exitCode === null)
    ) {
      const victim = mortal[Math.floor(Math.random() * mortal.length)]!;
      await new Promise((done) => setTimeout(done, 200 + Math.random() * 1500));
      // One that has not begun has nothing to be killed at.
      if (victim.current.lines.length === 0) continue;
      victim.current.process.kill('SIGKILL');
      await victim.current.ended;
      kills++;
      victim.current = victim.again();
    }
    await store.write('stop', new Uint8Array(1));
    for (const { ended } of [...readers, ...mortal.map(({ current }) => current)])
      expect(await ended).toEqual({ code: 0, errors: '' });
    await store.delete('stop');
    expect(kills).toBeGreaterThan(2);
    for (const reader of readers) expect(reader.lines.length).toBeGreaterThan(2);

    const committed = appenders.flatMap(({ lines }) => lines);
    expect(committed.length).toBeGreaterThan(3);
    const catalog = openCatalog(store);
    const appended = await catalog.dataset('appended');
    expect(appended.files.map(({ source }) => source)).toEqual(expect.arrayContaining(committed));
    const last = Math.max(0, ...replacers.flatMap(({ lines }) => lines.map(Number)));
    const replaced = await catalog.dataset('replaced');
    const { x } = await readTable(store, catalog, replaced.tables[0]!);
    expect(new Set(x).size).toBe(1);
    expect(Number(x![0])).toBeGreaterThanOrEqual(last);
    expect((await catalog.dataset('ingested')).tables[0]!.rows).toBe(11);
    expect(await catalog.datasetNames()).toEqual(['appended', 'ingested', 'replaced']);

    const far = Date.now() + 365 * 86_400_000;
    await collectGarbage(store, { now: far });
    expect((await collectGarbage(store, { now: far })).objectsRemoved).toBe(0);
    // One commit of two files with three partitions each: partitions, their details, and a segment in two objects at most.
    const left = await objects('datasets/replaced/data/');
    expect(left.filter((name) => name.includes('/p'))).toHaveLength(6);
    expect(left.length).toBeLessThanOrEqual(10);
    for (const part of ['intent', 'heartbeat', 'pin']) expect(await objects(`datasets/replaced/${part}/`)).toEqual([]);
    expect(await objects('tmp/')).toEqual([]);
  });
});
