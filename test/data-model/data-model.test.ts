// Files that differ in branches, types, cycles and trees as one dataset: every sentence of the data model, from ROOT files
// through both languages, against the values an independent reader sees (`make.py`).
import { readFileSync } from 'node:fs';
import type { Table } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Dataset, DiagnosticError, SkyhookDM } from '../../src/api/index.js';
import { printValue } from '../../src/core/index.js';
import { Database, type QueryResult, rowsOf, type SessionSettings } from '../../src/session/index.js';

type Branches = Record<string, unknown[]>;
const expected: Record<'a' | 'b' | 'c', Record<string, Branches>> = JSON.parse(
  readFileSync(new URL('expected.json', import.meta.url), 'utf8'),
);
const path = (name: string) => new URL(`files/${name}.root`, import.meta.url).pathname;
const files = ['a', 'b', 'c'].map(path);
const sample = new URL('../../samples/events.root', import.meta.url).pathname;

/** Placement is never to change an answer: all of these are asked. */
const placements: readonly Partial<SessionSettings>[] = [{}, { pushdown: 'off' }, { kernel: 'off' }];

let database: Database;
beforeAll(async () => {
  database = await Database.open('memory:');
  await database.ingest('d', files);
  await database.ingest('cycles', files, { allCycles: true });
  await database.ingest('wide', [sample], { partitionBytes: 1 << 16 });
});
afterAll(() => database.close());

/** Rows as SQL prints them, NULL as null; lists and booleans as JSON would have them. */
async function rows(result: QueryResult): Promise<unknown[][]> {
  const types = result.columns.map((column) => column.type);
  const all: unknown[][] = [];
  for await (const batch of result.batches)
    for (const row of rowsOf(batch, types))
      all.push(
        row.map((value, i) =>
          typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))
            ? printValue(value, types[i]!)
            : value !== null && typeof value === 'object' && 'unscaled' in value
              ? printValue(value, types[i]!)
              : value,
        ),
      );
  return all;
}

async function sql(text: string): Promise<unknown[][]> {
  const [first, ...others] = await Promise.all(
    placements.map(async (settings) => rows(await database.session(settings).sql(text))),
  );
  for (const other of others) expect(other).toEqual(first);
  return first!;
}

const native = async (text: string, dataset = 'd', file?: string) =>
  rows(await database.session().native(text, { dataset, ...(file !== undefined && { file }) }));

const labels = async (text: string) => (await database.session().sql(text)).columns.map(({ label }) => label);

async function failure(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(DiagnosticError);
  const { code, diagnostic } = error as DiagnosticError;
  return { code, message: diagnostic.message, hint: diagnostic.hint, span: diagnostic.span };
}

/** A column of the table `Events` over all files, as uproot reads each; NULL where a file lacks the branch. */
function united(branch: string): unknown[] {
  const trees = [expected.a['Events;2']!, expected.b['Events;2']!, expected.c['Events;9']!];
  return trees.flatMap((tree) => tree[branch] ?? tree['n']!.map(() => null)).map((value) => exact(value));
}
/** 64-bit integers come as text from {@link rows}. */
const exact = (value: unknown): unknown => value;

describe('names', () => {
  it('takes the exact spelling first, then the only one that differs in case, else 42702', async () => {
    expect(await sql('SELECT "ab", "Ab" FROM d."Events" WHERE event_id = 0 AND "ab" < 20')).toEqual([[10, 11]]);
    expect(await sql('SELECT mixed FROM d."Events" WHERE "MIXED" = 6')).toEqual([[6]]);
    expect(await native('select mixed = 6, project Events.MIXED')).toEqual([[6]]);
    expect(await failure(sql('SELECT "AB" FROM d."Events"'))).toMatchObject({
      code: '42702',
      hint: 'It may be "ab" or "Ab".',
      span: { start: 7, end: 11 },
    });
    expect((await failure(native('select *, project Events.AB'))).code).toBe('42702');
    // Names that are looked up do not fold: they are spelt as the file spells them, or unmistakable.
    expect((await failure(sql('SELECT AB FROM d."Events"'))).code).toBe('42702');
    expect(await sql('SELECT Ab FROM d."Events" LIMIT 1')).toEqual([[11]]);
  });

  it('keeps the spelling of the branch in labels; names made in SQL fold', async () => {
    expect(await labels('SELECT mixed, "MIXED" AS Made, n AS "Kept" FROM d.events')).toEqual(['Mixed', 'made', 'Kept']);
  });

  it('finds tables and datasets in the same way', async () => {
    expect(await sql('SELECT count(*) FROM D.events')).toEqual([['11']]);
    expect(await sql('SELECT count(*) FROM d."dir/Events"')).toEqual([['4']]);
    expect(await native('select y > 1, project dir/Events.y')).toEqual([[2], [3]]);
    const twice = await Database.open('memory:');
    for (const name of ['Abc', 'aBc']) await twice.ingest(name, [path('c')]);
    expect(await rows(await twice.session().sql('SELECT count(*) FROM "aBc"."Events"'))).toEqual([['4']]);
    expect((await failure(twice.session().sql('SELECT count(*) FROM abc."Events"'))).code).toBe('42702');
    expect((await failure(twice.session().native('select *, project Events.n', { dataset: 'ABC' }))).code).toBe(
      '42702',
    );
    await twice.close();
  });

  it('does not choose between datasets for a table without one', async () => {
    expect(await failure(sql('SELECT count(*) FROM "Events"'))).toMatchObject({
      code: '42P09',
      hint: 'It may be "cycles"."Events", "d"."Events", "wide"."Events".',
    });
    const session = database.session({ searchPath: ['d', 'cycles'] });
    expect(await rows(await session.sql('SELECT count(*) FROM "Events"'))).toEqual([['11']]);
  });
});

describe('event_id and _file', () => {
  it('numbers entries per file and tree from 0, and names the file', async () => {
    expect(await sql('SELECT event_id, _file FROM d."Events"')).toEqual([
      ...[0, 1, 2, 3, 4].map((i) => [String(i), files[0]]),
      ...[0, 1].map((i) => [String(i), files[1]]),
      ...[0, 1, 2, 3].map((i) => [String(i), files[2]]),
    ]);
    expect(await sql(`SELECT only_c FROM d."Events" WHERE _file = '${files[2]}' AND event_id >= 2`)).toEqual([
      [3],
      [4],
    ]);
    expect(await sql(`SELECT count(*) FROM d."Events" WHERE _file LIKE '%/a.root'`)).toEqual([['5']]);
    expect(await native('select event_id = 1, project Events.Mixed, Events.event_id')).toEqual([
      [2, '1'],
      [7, '1'],
      [null, '1'],
    ]);
  });

  it('does so whatever the partitioning', async () => {
    const snapshot = await database.catalog.dataset('wide');
    expect(snapshot.tables[0]!.partitionCount).toBeGreaterThan(2);
    const ids = (await sql('SELECT event_id FROM wide."Events"')).flat();
    expect(ids).toEqual(Array.from({ length: 2000 }, (_, i) => String(i)));
    expect(await sql('SELECT min(event_id), max(event_id), count(DISTINCT event_id) FROM wide."Events"')).toEqual([
      ['0', '1999', '2000'],
    ]);
    expect(await sql('SELECT event_id FROM wide."Events" WHERE event_id BETWEEN 999 AND 1001')).toEqual([
      ['999'],
      ['1000'],
      ['1001'],
    ]);
  });

  it('leaves both out of *', async () => {
    expect(await labels('SELECT * FROM d."Events"')).not.toContain('event_id');
    expect(await labels('SELECT e.* FROM d."Events" e')).not.toContain('_file');
    const { columns } = await database.session().native('select *, project Events.*', { dataset: 'd' });
    expect(columns.map(({ label }) => label)).toEqual(await labels('SELECT * FROM d."Events"'));
  });

  it('gives way to a real column of that name', async () => {
    expect(await labels('SELECT * FROM d.taken')).toEqual(['event_id', '_file']);
    expect(await sql('SELECT event_id, _file, _event_id, __file FROM d.taken WHERE event_id > 7')).toEqual([
      [8, 2, '1', files[0]],
      [9, 3, '2', files[0]],
    ]);
    expect(await native('select event_id > 7 and _event_id < 2, project taken._file')).toEqual([[2]]);
  });
});

describe('order', () => {
  it('is that of files and entries, in both languages', async () => {
    expect(await sql('SELECT n FROM d."Events"')).toEqual(united('n').map((n) => [n]));
    expect(await native('select *, project Events.n')).toEqual(united('n').map((n) => [n]));
    expect(await sql('SELECT n FROM d."Events" WHERE n > 1 OFFSET 1')).toEqual(
      united('n')
        .filter((n) => Number(n) > 1)
        .slice(1)
        .map((n) => [n]),
    );
  });

  it('decides a bare LIMIT and the ties of a top-N', async () => {
    expect(await sql('SELECT n FROM d."Events" LIMIT 6')).toEqual(
      united('n')
        .slice(0, 6)
        .map((n) => [n]),
    );
    expect(await sql('SELECT n FROM d."Events" LIMIT 3 OFFSET 4')).toEqual(
      united('n')
        .slice(4, 7)
        .map((n) => [n]),
    );
    expect(await sql('SELECT n, event_id FROM d."Events" ORDER BY n / 100000 LIMIT 7')).toEqual(
      (await sql('SELECT n, event_id FROM d."Events"')).slice(0, 7),
    );
    const met = (await sql('SELECT "nMuon", event_id FROM wide."Events"')) as [number, string][];
    const top = [...met].sort((a, b) => b[0] - a[0] || Number(a[1]) - Number(b[1])).slice(0, 40);
    expect(await sql('SELECT "nMuon", event_id FROM wide."Events" ORDER BY "nMuon" DESC LIMIT 40')).toEqual(top);
  });
});

describe('cycles', () => {
  it('takes the highest of each file', async () => {
    const { tables } = await database.catalog.dataset('d');
    const names = tables.map((t) => (t.cycle === undefined ? t.path : `${t.path};${t.cycle}`));
    expect(names.filter((name) => name.startsWith('Events'))).toEqual(['Events', 'Events;9', 'Events;2']);
    expect((await failure(sql('SELECT stale FROM d."Events"'))).code).toBe('42703');
  });

  it('ingests all of them when asked to', async () => {
    expect(await sql('SELECT n, stale FROM cycles."Events;1"')).toEqual([
      [...pairs(expected.a['Events;1']!, 'n', 'stale')[0]!].map((v, i) => (i === 0 ? String(v) : v)),
      [...pairs(expected.a['Events;1']!, 'n', 'stale')[1]!].map((v, i) => (i === 0 ? String(v) : v)),
      ['9', null],
    ]);
    // The table without a cycle is the same as where only the highest were ingested.
    expect(await sql('SELECT * FROM cycles."Events"')).toEqual(await sql('SELECT * FROM d."Events"'));
  });

  it('skips files without the named cycle in SQL, and gives an empty table for them natively', async () => {
    expect(await sql('SELECT n FROM d."Events;2"')).toEqual(
      united('n')
        .slice(0, 7)
        .map((n) => [n]),
    );
    expect(await sql('SELECT n FROM d."Events;9"')).toEqual(
      united('n')
        .slice(7)
        .map((n) => [n]),
    );
    expect(await native('select n > 1, project Events;9.n')).toEqual([[2], [3]]);
    expect(await native('select *, project Events;9.n', 'd', 'a.root')).toEqual([]);
    expect(await native('select *, project Events;9.n', 'd', files[2])).toHaveLength(4);
  });

  it('fails where no file has it, and says which there are', async () => {
    expect(await failure(native('select *, project Events;3.n'))).toMatchObject({
      code: '42P01',
      message: 'tree "Events" has no cycle 3 in dataset "d"',
      hint: expect.stringContaining('"Events;9", "Events;2"'),
      span: { start: 18, end: 26 },
    });
    expect(await failure(sql('SELECT n FROM d."Events;1"'))).toMatchObject({
      code: '42P01',
      hint: expect.stringContaining('--all-cycles'),
    });
    expect((await failure(native('select *, project Evnts.n'))).hint).toBe('perhaps "Events"?');
  });
});

const pairs = (branches: Branches, ...names: string[]) =>
  branches[names[0]!]!.map((_, i) => names.map((name) => branches[name]![i]));

describe('files of different schema', () => {
  it.each(['n', 'x', 'u', 'l', 'Mixed', 'only_a', 'only_a_list', 'only_b', 'only_c'])(
    'unites %s by name, as the independent reader sees it, NULL where a file lacks it',
    async (branch) => {
      const wide = branch === 'only_a' || branch === 'u';
      const values = united(branch).map((value) => [wide && value !== null ? String(value) : value]);
      expect(await sql(`SELECT "${branch}" FROM d."Events"`)).toEqual(values);
      expect(await native(`select *, project Events.${branch}`)).toEqual(values);
    },
  );

  it('has NULL, never an empty list, in a file without the branch', async () => {
    expect(await sql('SELECT count(*), count(only_a_list), count(l) FROM d."Events"')).toEqual([['11', '5', '7']]);
    expect(await sql('SELECT count(*) FROM d."Events" WHERE cardinality(only_a_list) = 0')).toEqual([['2']]);
    expect(await sql('SELECT count(*) FROM d."Events" WHERE only_a_list IS NULL')).toEqual([['6']]);
    expect(await sql('SELECT list_count(l > 2) FROM d."Events"')).toEqual(
      [0, 0, 1, 1, 2, 1, 2, null, null, null, null].map((count) => [count === null ? null : String(count)]),
    );
  });

  it('widens numbers without loss, also in predicates, groups and sums', async () => {
    expect(
      await sql('SELECT pg_typeof(n)::text, pg_typeof(x)::text FROM d."Events" LIMIT 1').catch(() => []),
    ).toBeDefined();
    expect(await sql('SELECT n FROM d."Events" WHERE n > 40000 OR n = 32767 OR n < -3')).toEqual([
      [32767],
      [70000],
      [-70000],
    ]);
    expect(await sql('SELECT sum(n), min(n), max(n), count(n) FROM d."Events"')).toEqual([
      [String(united('n').reduce<number>((sum, n) => sum + Number(n), 0)), -70000, 70000, '11'],
    ]);
    expect(await sql('SELECT n, count(*) FROM d."Events" WHERE n BETWEEN 1 AND 7 GROUP BY n ORDER BY n')).toEqual([
      [1, '1'],
      [2, '1'],
      [3, '1'],
      [5, '2'],
      [7, '1'],
    ]);
    expect(await sql('SELECT event_id FROM d."Events" WHERE list_any(l > 32767)')).toEqual([['0']]);
    expect(await sql('SELECT x FROM d."Events" WHERE x = 1e300')).toEqual([[1e300]]);
  });

  it('keeps unsigned 64-bit numbers', async () => {
    expect(await sql('SELECT u FROM d."Events" WHERE u > 9223372036854775807')).toEqual([
      ['18446744073709551615'],
      ['9223372036854775808'],
    ]);
    expect(await sql('SELECT max(u), sum(u) FROM d."Events"')).toEqual([
      ['18446744073709551615', '27670116110564327436'],
    ]);
  });

  it('sorts NaN above everything, in statistics too', async () => {
    expect(await sql('SELECT event_id, x FROM d."Events" WHERE x > 2e300')).toEqual([
      ['1', 'NaN'],
      ['3', 'Infinity'],
    ]);
    expect(await sql(`SELECT event_id FROM d."Events" WHERE x = 'NaN'`)).toEqual([['1']]);
    expect(await sql(`SELECT event_id FROM d."Events" WHERE x > 'Infinity'`)).toEqual([['1']]);
    expect(await sql('SELECT max(x), min(x) FROM d."Events"')).toEqual([['NaN', -1]]);
    expect(await sql('SELECT x FROM d."Events" WHERE x IS NOT NULL ORDER BY x DESC LIMIT 3')).toEqual([
      ['NaN'],
      ['Infinity'],
      [1e300],
    ]);
  });

  it('refuses a file that cannot be united, and says which column', async () => {
    const problem = await failure(database.ingest('d', [path('incompatible')], { mode: 'append' }));
    expect(problem).toMatchObject({ code: '42804', message: expect.stringContaining('column "n" of tree "Events') });
    expect(problem.message).toContain('incompatible.root');
    expect((await failure(database.ingest('new', [...files, path('incompatible')]))).code).toBe('42804');
    expect(await database.catalog.datasetNames()).not.toContain('new');
    expect(await sql('SELECT count(*) FROM d."Events"')).toEqual([['11']]);
  });

  it('numbers repeated branch names, and keeps text that is not UTF-8 as bytes', async () => {
    expect(await labels('SELECT * FROM d.odd')).toEqual(['dupA', 'dupA#2', 'dupA#3', 'good', 'bad']);
    expect(await sql('SELECT "dupA", "dupA#2", "dupA#3", good FROM d.odd')).toEqual([
      [1, 3, 5, 'fine'],
      [2, 4, 6, 'also'],
    ]);
    expect(await native('select "dupA#2" > 3, project odd."dupA#3"')).toEqual([[6]]);
    const [first, second] = await sql('SELECT bad FROM d.odd');
    expect(Buffer.from(first![0] as Uint8Array).toString()).toBe('okay');
    expect([...(second![0] as Uint8Array)]).toEqual([...Buffer.from('bytes'), 0xff, 0xfe]);
  });

  it('refuses two trees in one native query', async () => {
    expect(await failure(native('select *, project Events.n, odd.dupA'))).toMatchObject({ code: '0A000' });
    expect((await failure(native('select *, project Events;2.n, Events;9.n'))).code).toBe('0A000');
  });
});

describe('adding and replacing', () => {
  const count = async (on: Database) => (await rows(await on.session().sql('SELECT count(*) FROM m."Events"')))[0]![0];

  test('every mode, and what each refuses', async () => {
    const own = await Database.open('memory:');
    const add = (names: string[], mode?: 'create' | 'append' | 'replace' | 'replace-files') =>
      own.ingest('m', names.map(path), mode ? { mode } : {});
    expect((await failure(add(['a'], 'append'))).code).toBe('3F000');
    await add(['a']);
    expect((await failure(add(['b']))).code).toBe('42P07');
    expect(await failure(add(['b', 'a'], 'append'))).toMatchObject({
      code: '42710',
      message: expect.stringContaining('a.root" is already in dataset "m"'),
    });
    expect(await count(own)).toBe('5');
    await add(['b'], 'append');
    expect(await count(own)).toBe('7');
    await add(['c', 'a'], 'replace-files');
    const { files: listed } = await own.catalog.dataset('m');
    expect(listed.map(({ name }) => name)).toEqual(['a.root', 'b.root', 'c.root']);
    expect(await count(own)).toBe('11');
    await add(['c'], 'replace');
    expect(await count(own)).toBe('4');
    await own.drop('m');
    await add(['b']);
    expect(await count(own)).toBe('2');
    await own.close();
  });
});

describe('runQuery', () => {
  const sk = new SkyhookDM();
  let dataset: Dataset;
  beforeAll(async () => {
    await sk.connect('memory:');
    await sk.writeDataset(files, 'd');
    dataset = await sk.getDataset('d');
  });
  afterAll(() => sk.close());
  const column = (table: Table, name: string) =>
    Array.from(table.getChild(name)!, (v) => (v !== null && typeof v === 'object' ? [...v] : v));

  it('gives one table per file, in file order, empty ones included', async () => {
    const tables = await sk.runQuery(dataset, 'select n > 3, project Events.n');
    expect(tables.map((table) => column(table, 'n'))).toEqual([[7, 32767, 5, 5], [70000], []]);
    const cycle = await sk.runQuery(dataset, 'select *, project Events;9.only_c');
    expect(cycle.map((table) => table.numRows)).toEqual([0, 0, 4]);
    for (const table of cycle) expect(table.schema.fields.map((f) => f.name)).toEqual(['only_c']);
    const odd = await sk.runQuery(dataset, 'select *, project odd.good');
    expect(odd.map((table) => table.numRows)).toEqual([0, 2, 0]);
    const empty = await sk.runQuery(dataset, 'select *, project empty.z');
    expect(empty.map((table) => table.numRows)).toEqual([0, 0, 0]);
  });

  it('gives one table for a file, with the columns of the dataset', async () => {
    const [a, , c] = dataset.getFiles();
    expect(column(await sk.runQuery(a!, 'select n > 3, project Events.n'), 'n')).toEqual([7, 32767, 5, 5]);
    const lacking = await sk.runQuery(c!, 'select *, project Events.only_a_list, Events.n');
    expect(column(lacking, 'only_a_list')).toEqual([null, null, null, null]);
    expect((await sk.runQuery(c!, 'select *, project Events;2.n')).numRows).toBe(0);
    expect((await failure(sk.runQuery(a!, 'select *, project Events;4.n'))).code).toBe('42P01');
  });

  it('keeps the storage types of columns that pass through', async () => {
    const [table] = await sk.runQuery(
      dataset,
      'select *, project Events.u, Events.n, Events.l, Events.x, Events.only_c',
    );
    expect(table!.schema.fields.map((f) => String(f.type))).toEqual([
      'Uint64',
      'Int32',
      'List<Int32>',
      'Float64',
      'Uint16',
    ]);
    expect(column(table!, 'u')).toEqual([0n, 2n ** 64n - 1n, 5n, 2n ** 63n, 1n]);
  });

  it('is the SQL plan under a gather by file', async () => {
    const tables = await sk.runQuery(dataset, 'select x > 0, project Events.n, Events.x');
    const whole = await sk.sql('SELECT n, x FROM d."Events" WHERE x > 0');
    expect(tables.flatMap((table) => column(table, 'n'))).toEqual(column(whole, 'n'));
    expect(tables.flatMap((table) => column(table, 'x'))).toEqual(column(whole, 'x'));
  });
});
