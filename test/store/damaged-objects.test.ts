// Objects that are lost, cut, changed or mistaken for another under those who query: every kind of object, and every placement. The
// answer is right, or an error names the object; a commit is never forgotten. (corruption.test.ts has single bits.)
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCatalog } from '../../src/catalog/index.js';
import { DiagnosticError } from '../../src/core/index.js';
import { Database } from '../../src/session/index.js';
import { collectGarbage, type ObjectStore, openStore } from '../../src/store/index.js';
import { rowsIn } from '../golden/fixtures.js';
import { lastingHomes, type TestHome } from './homes.js';

const files = ['a', 'b', 'c'].map((name) => new URL(`../data-model/files/${name}.root`, import.meta.url).pathname);
const sample = new URL('../../samples/events.root', import.meta.url).pathname;
const placements = ['on', 'off', 'auto'] as const;

const queries = [
  'SELECT count(*), sum("MET_pt"), sum(list_sum("Muon_pt")), min(_file), max(_file) FROM aod."Events" WHERE event_id >= 0',
  'SELECT count(*) FROM aod."Events"',
];

/** Of all queries, and the list of datasets. Errors among them. */
async function answers(database: Database, pushdown: (typeof placements)[number]): Promise<unknown[]> {
  const asked = [
    ...queries.map((sql) => async () => rowsIn(await database.session({ pushdown }).sql(sql))),
    () => openCatalog(database.store).datasetNames(),
  ];
  const all: unknown[] = [];
  for (const ask of asked)
    all.push(
      await ask().catch((error: unknown) => {
        if (!(error instanceof DiagnosticError)) throw error;
        return error;
      }),
    );
  return all;
}

async function namesIn(store: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list('')) names.push(name);
  return names.sort();
}

const kindOf = (name: string): string => name.replace(/[0-9a-f-]{36}/, '').replace(/\d+/g, '#');

interface Damage {
  readonly how: string;
  readonly bytes: Uint8Array | undefined;
}
async function* damages(store: ObjectStore, name: string, names: readonly string[]): AsyncGenerator<Damage> {
  const good = await store.read(name);
  const flipped = good.slice();
  // In every buffer and every section.
  for (let at = 0; at < flipped.length; at += 16) flipped[at]! ^= 4;
  yield { how: 'gone', bytes: undefined };
  yield { how: 'empty', bytes: new Uint8Array(0) };
  yield { how: 'cut', bytes: good.subarray(0, good.length >> 1) };
  yield { how: 'changed', bytes: flipped };
  yield { how: 'longer', bytes: new Uint8Array([...good, ...good.subarray(0, 1000)]) };
  const other = names.find((sibling) => sibling !== name && kindOf(sibling) === kindOf(name));
  if (other !== undefined) yield { how: 'another’s', bytes: await store.read(other) };
}

/** What must not be answered from, by kind, for who has not read it yet. */
const noticed: Readonly<Record<string, readonly string[]>> = {
  'catalogue/#': ['gone', 'empty', 'cut', 'changed', 'longer', 'another’s'],
  'catalogue/hint': ['empty', 'cut', 'changed', 'longer'],
  'datasets/aod/data//p#': ['gone', 'empty', 'cut', 'changed', 'another’s'],
  'datasets/aod/data//s#': ['gone', 'empty', 'cut', 'changed', 'another’s'],
  'datasets/aod/root-hint': ['empty', 'cut', 'changed', 'longer'],
  'datasets/aod/root/#': ['gone', 'empty', 'cut', 'changed', 'longer', 'another’s'],
};

const memory: TestHome = { name: 'memory', freshUrl: async () => 'memory:', clear: async () => {} };
const rados = (await lastingHomes()).filter(({ name }) => name === 'rados');

describe.each([memory, ...rados])('$name', (home) => {
  let store: ObjectStore;
  let open: Database;
  let names: string[];
  let expected: unknown[];
  beforeAll(async () => {
    store = await openStore(await home.freshUrl());
    open = await Database.over(store);
    await open.ingest('aod', [sample], { partitionBytes: 1 << 19 });
    for (const file of files.slice(0, 2)) await open.ingest('aod', [file], { mode: 'append' });
    await open.ingest('other', [files[2]!]);
    await open.ingest('third', [files[2]!]);
    // Old versions are marks now.
    await collectGarbage(store, { grace: 0, now: Date.now() + 1000 });
    expected = await answers(open, 'off');
    const number = expect.any(Number);
    expect(expected.slice(0, 2)).toEqual([[[2007n, number, number, sample, files[1]]], [[2007n]]]);
    names = (await namesIn(store)).filter((name) => !/^datasets\/(other|third)|\/pin\//.test(name));
    expect(new Set(names.map(kindOf))).toEqual(new Set([...Object.keys(noticed), 'datasets/aod/data//f#']));
  });
  afterAll(async () => {
    await open?.close();
    await home.clear();
  });

  test('each object: a right answer, or an error that names it', async () => {
    const seen = new Map<string, Set<string>>();
    for (const name of names) {
      const good = await store.read(name);
      for await (const { how, bytes } of damages(store, name, names)) {
        await (bytes ? store.write(name, bytes) : store.delete(name));
        const fresh = await Database.over(store);
        for (const [database, whose] of [
          [open, 'open'],
          [fresh, 'fresh'],
        ] as const)
          for (const pushdown of home === memory ? (['off'] as const) : placements)
            for (const [q, answer] of (await answers(database, pushdown)).entries()) {
              const what = `${name} ${how}: ${whose}, pushdown=${pushdown}, ${queries[q] ?? 'names'}`;
              if (answer instanceof DiagnosticError) {
                expect(answer.code, `${what}: ${answer.message}`).toMatch(/^(XX001|58P01)$/);
                expect(answer.message, what).toContain(`"${name}"`);
                const kind = kindOf(name);
                seen.set(kind, (seen.get(kind) ?? new Set()).add(how));
              } else expect(answer, what).toEqual(expected[q]);
            }
        await store.write(name, good);
      }
    }
    for (const [kind, damage] of Object.entries(noticed)) expect(seen.get(kind), kind).toEqual(new Set(damage));
    for (const pushdown of placements) expect(await answers(open, pushdown)).toEqual(expected);
  });
});

test('a commit on top of damage: it fails and is nowhere, or it is there once the damage is mended', async () => {
  const origin = await openStore('memory:');
  const database = await Database.over(origin);
  await database.ingest('aod', [files[0]!]);
  await database.ingest('aod', [files[1]!], { mode: 'append' });
  const names = (await namesIn(origin)).filter((name) => !name.includes('/pin/'));
  let failed = 0;
  for (const name of names)
    for await (const { how, bytes } of damages(origin, name, names)) {
      const what = `${name} ${how}`;
      const store = await openStore('memory:');
      for (const other of names) await store.write(other, await origin.read(other));
      await (bytes ? store.write(name, bytes) : store.delete(name));
      const hurt = await Database.over(store);
      const outcome = await hurt.ingest('aod', [files[2]!], { mode: 'append', threads: 0 }).then(
        () => 'committed',
        (error: unknown) => error,
      );
      if (outcome !== 'committed') {
        expect(outcome, what).toMatchObject({
          code: expect.stringMatching(/^(XX001|58P01)$/),
          message: expect.stringContaining(`"${name}"`),
        });
        failed++;
      }
      // But for those that the commit itself has written anew.
      if (!/hint/.test(name)) await store.write(name, await origin.read(name));
      else if (outcome !== 'committed') await store.delete(name);
      const mended = await Database.over(store);
      const counted = await rowsIn(await mended.session().sql('SELECT count(*) FROM aod."Events"'));
      expect(counted, what).toEqual([[outcome === 'committed' ? 11n : 7n]]);
    }
  expect(failed).toBeGreaterThan(8);
});

test('gc makes the list of datasets anew where it is damaged', async () => {
  for (const part of ['catalogue/3', 'catalogue/hint'])
    for (const bytes of [undefined, new Uint8Array(3)]) {
      const store = await openStore('memory:');
      const database = await Database.over(store);
      for (const name of ['one', 'two', 'three']) await database.ingest(name, [files[0]!]);
      await collectGarbage(store, { grace: 0, now: Date.now() + 1000 });
      await (bytes ? store.write(part, bytes) : store.delete(part));
      await collectGarbage(store);
      const listed = () => openCatalog(store).datasetNames();
      expect(await listed()).toEqual(expect.arrayContaining(['one', 'three']));
      await database.ingest('five', [files[0]!]);
      expect(await listed()).toEqual(expect.arrayContaining(['five', 'one', 'three']));
    }
});
