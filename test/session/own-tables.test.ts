// Tables of one's own in a store: what a comparison with PostgreSQL does not show.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SkyhookDM } from '../../src/api/index.js';
import { Database, type Session } from '../../src/session/index.js';

const sample = new URL('../../samples/events.root', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'skyhook-own-'));
let database: Database;
let session: Session;

beforeAll(async () => {
  database = await Database.open(`file:${folder}`);
  await database.ingest('aod', [sample]);
  session = database.session();
});
afterAll(async () => {
  await session.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(text: string, by = session): Promise<unknown[]> {
  const result = await by.sql(text);
  const rows: unknown[] = [];
  for await (const batch of result.batches)
    for (const row of batch) {
      const values = Object.values(row.toJSON()).map((v) => (typeof v === 'bigint' ? Number(v) : v));
      rows.push(values.length === 1 ? values[0] : values);
    }
  return rows;
}

it('a skim: its columns keep their types, lists included, and its rows their order', async () => {
  const result = await session.sql(
    'CREATE TABLE aod.skim AS SELECT event, "nMuon", "Muon_pt" FROM aod."Events" WHERE "nMuon" > 2',
  );
  expect(result.tag).toBe('SELECT 328');
  const query = (table: string) => `SELECT event, "nMuon", "Muon_pt" FROM aod.${table} WHERE "nMuon" > 2`;
  const [of, from] = [await session.sql(query('skim')), await session.sql(query('"Events"'))];
  const named = ({ columns }: typeof of) => columns.map(({ label, type }) => ({ label, type }));
  expect(named(of)).toEqual(named(from));
  await of.close();
  await from.close();
  expect(JSON.stringify(await ask(query('skim')))).toBe(JSON.stringify(await ask(query('"Events"'))));
});

it('another process sees it, with its views and their search path', async () => {
  await ask('SET search_path = aod');
  await ask('CREATE VIEW aod.few AS SELECT event FROM skim WHERE list_any("Muon_pt" > 20)');
  await ask('RESET search_path');
  const other = await Database.open(`file:${folder}`);
  const reader = other.session({ searchPath: ['nowhere'] });
  const expected = await ask('SELECT count(*) FROM aod.skim WHERE list_any("Muon_pt" > 20)');
  expect(await ask('SELECT count(*) FROM aod.few', reader)).toEqual(expected);
  expect(Number(expected[0])).toBeGreaterThan(0);
  await other.close();
});

it('many small batches become one partition, and an INSERT a file of its own', async () => {
  await ask('CREATE SCHEMA small');
  await ask('CREATE TABLE small.t AS SELECT g AS a FROM generate_series(1, 300000) AS g');
  const table = async () => (await database.catalog.dataset('small')).tables[0]!;
  expect(await table()).toMatchObject({ rows: 300_000, partitionCount: 1 });
  await ask('INSERT INTO small.t VALUES (0)');
  expect(await table()).toMatchObject({ rows: 300_001, partitionCount: 2 });
  expect(await ask('SELECT sum(a) FROM small.t')).toEqual([45_000_150_000]);
});

it('inside a transaction block a store is not changed: 25001, and the block has failed', async () => {
  for (const change of [
    'CREATE TABLE aod.x AS SELECT 1 AS a',
    'CREATE TABLE aod.x (a int)',
    'INSERT INTO small.t VALUES (1)',
    'UPDATE small.t SET a = 1',
    'DELETE FROM small.t',
    'TRUNCATE small.t',
    'DROP TABLE small.t',
    'ALTER TABLE small.t ADD COLUMN b int',
    'CREATE SCHEMA y',
    'DROP SCHEMA small CASCADE',
    'CREATE VIEW aod.x AS SELECT 1 AS a',
    "COMMENT ON SCHEMA aod IS 'x'",
  ]) {
    await ask('BEGIN');
    await expect(ask(change), change).rejects.toMatchObject({ code: '25001' });
    await expect(ask('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
    await ask('ROLLBACK');
  }
  await ask('BEGIN READ ONLY');
  await expect(ask('CREATE TEMP TABLE t (a int)')).rejects.toMatchObject({ code: '25006' });
  await ask('ROLLBACK');
  expect(await ask('SELECT count(*) FROM small.t')).toEqual([300_001]);
});

it('a result that is being read keeps its version, whatever happens to the table', async () => {
  const open = await session.sql('SELECT a FROM small.t');
  const rows = open.batches[Symbol.asyncIterator]();
  let count = (await rows.next()).value!.numRows;
  await ask('DELETE FROM small.t WHERE a > 10');
  await ask('DROP TABLE small.t');
  await database.collectGarbage({ grace: 0 });
  for (let next = await rows.next(); !next.done; next = await rows.next()) count += next.value.numRows;
  expect(count).toBe(300_001);
});

it('of two that make one table at once, one does; two appends both do', async () => {
  const sessions = [database.session(), database.session()];
  const made = await Promise.allSettled(sessions.map((s) => ask('CREATE TABLE small.one AS SELECT 1 AS a', s)));
  expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(made.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '42P07' } });
  await Promise.all(sessions.map((s) => ask('INSERT INTO small.one VALUES (2)', s)));
  expect(await ask('SELECT count(*), sum(a) FROM small.one')).toEqual([[3, 5]]);
});

it('a table that changes while it is rewritten is 40001, and keeps the change', async () => {
  const write = database.writeRows.bind(database);
  database.writeRows = async (...args) => {
    database.writeRows = write;
    await ask('INSERT INTO small.one VALUES (7)', database.session());
    return write(...args);
  };
  await expect(ask('UPDATE small.one SET a = a + 100')).rejects.toMatchObject({ code: '40001' });
  expect(await ask('SELECT sum(a) FROM small.one')).toEqual([12]);
});

it('WITH changes one table of the store, beside any of the session, together or not at all', async () => {
  await ask('CREATE TABLE aod.kept AS SELECT i AS id FROM generate_series(1, 5) i');
  await ask('CREATE TEMP TABLE log (id int)');
  expect(
    await ask(
      'WITH d AS (DELETE FROM aod.kept WHERE id > 3 RETURNING id) INSERT INTO log SELECT id FROM d RETURNING id',
    ),
  ).toEqual([4, 5]);
  expect(await ask('SELECT id FROM aod.kept ORDER BY id')).toEqual([1, 2, 3]);
  expect(
    await ask(
      'WITH i AS (INSERT INTO aod.kept VALUES (7) RETURNING id), l AS (INSERT INTO log SELECT id FROM i) SELECT id FROM i',
    ),
  ).toEqual([7]);
  expect(await ask('SELECT id FROM log ORDER BY id')).toEqual([4, 5, 7]);
  await expect(
    ask(
      'WITH d AS (DELETE FROM aod.kept RETURNING id), l AS (INSERT INTO log SELECT 0 FROM d) SELECT 1 / (id - id) FROM d',
    ),
  ).rejects.toMatchObject({ diagnostic: { condition: 'division_by_zero' } });
  expect(await ask('SELECT count(*) FROM aod.kept')).toEqual([4]);
  expect(await ask('SELECT count(*) FROM log')).toEqual([3]);
  await expect(
    ask('WITH d AS (DELETE FROM aod.kept RETURNING id), s AS (DELETE FROM aod."Events") SELECT * FROM d'),
  ).rejects.toMatchObject({ diagnostic: { condition: 'feature_not_supported' } });
  // Another writer comes when the session's table has its row and the store's is about to lose one.
  const late = database.session();
  const between = session.sql(
    'WITH d AS (DELETE FROM aod.kept WHERE id = 1 RETURNING id) INSERT INTO log SELECT id FROM d',
    { beforeCommit: async () => void (await ask('INSERT INTO aod.kept VALUES (8)', late)) },
  );
  await expect(between).rejects.toMatchObject({ diagnostic: { condition: 'serialization_failure' } });
  expect(await ask('SELECT id FROM aod.kept ORDER BY id')).toEqual([1, 2, 3, 7, 8]);
  expect(await ask('SELECT id FROM log ORDER BY id')).toEqual([4, 5, 7]);
  await late.close();
  await ask('DROP TABLE aod.kept');
});

it('parameters take the types of the columns they go to, and results are described before they run', async () => {
  const described = async (text: string) => {
    const { parameterTypes, columns } = await session.prepare(session.parse(text)[0]);
    return [parameterTypes.map(({ kind }) => kind), columns?.map(({ label }) => label)];
  };
  await ask('CREATE TEMP TABLE p (i int, t text, d date)');
  expect(await described('INSERT INTO p VALUES ($1, $2, $3)')).toEqual([['int4', 'text', 'date'], undefined]);
  expect(await described('INSERT INTO p (d, i) SELECT $1, $2')).toEqual([['date', 'int4'], undefined]);
  expect(await described('SELECT $1, 2 UNION SELECT 3, $2')).toEqual([
    ['int4', 'int4'],
    ['?column?', '?column?'],
  ]);
  expect(await described('INSERT INTO p (t) VALUES ($1) RETURNING i, t AS x')).toEqual([['text'], ['i', 'x']]);
  expect(await described('UPDATE p SET d = $1 WHERE i = $2')).toEqual([['date', 'int4'], undefined]);
  expect(await described('DELETE FROM p WHERE t = $1')).toEqual([['text'], undefined]);
  expect(await ask('SELECT count(*) FROM p')).toEqual([0]);
});

it('comments are titles; views are listed as such, and may read the catalogue', async () => {
  await ask('CREATE TABLE small.c (a int, b text)');
  await ask('CREATE VIEW small.cv AS SELECT relname FROM pg_catalog.pg_class');
  await ask("COMMENT ON TABLE small.c IS 'of the table'");
  await ask("COMMENT ON COLUMN small.c.b IS 'of b'");
  await ask("COMMENT ON VIEW small.cv IS 'of the view'");
  expect(await ask("SELECT obj_description('small.c'::regclass), col_description('small.c'::regclass, 2)")).toEqual([
    ['of the table', 'of b'],
  ]);
  expect(await ask("SELECT c.relname, c.relkind FROM pg_class c WHERE c.relname IN ('c', 'cv') ORDER BY 1")).toEqual([
    ['c', 'r'],
    ['cv', 'v'],
  ]);
  expect(await ask("SELECT count(*) FROM small.cv WHERE relname = 'c'")).toEqual([1]);
  await ask('CREATE TEMP TABLE fleeting (a int)');
  await expect(ask('CREATE VIEW small.bad AS SELECT a FROM fleeting')).rejects.toMatchObject({ code: '42P16' });
});

it('public is there without having been made, as a place for names without a schema', async () => {
  const fresh = await Database.open('memory:');
  const [own, other] = [fresh.session(), fresh.session()];
  try {
    expect(await ask('SELECT nspname FROM pg_namespace WHERE nspname !~ $$^(pg_|information_)$$', own)).toEqual([
      'public',
    ]);
    await ask('CREATE TABLE t (a int)', own);
    await Promise.all([ask('INSERT INTO t VALUES (1)', own), ask('CREATE TABLE public.u AS SELECT 2 AS b', other)]);
    expect(await ask('SELECT a, b FROM public.t, u', other)).toEqual([[1, 2]]);
    await ask('SET search_path = nowhere', own);
    await expect(ask('CREATE TABLE v (a int)', own)).rejects.toMatchObject({ code: '3F000' });
  } finally {
    await own.close();
    await other.close();
    await fresh.close();
  }
});

it('what cannot be kept is refused', async () => {
  for (const [text, code] of [
    ['CREATE TABLE small."a/b" (a int)', '42602'],
    ['CREATE TABLE nowhere.unplaced AS SELECT 1 AS a', '3F000'],
    ['CREATE SCHEMA pg_mine', '42939'],
    ['INSERT INTO aod.few VALUES (1)', '55000'],
    ['CREATE TABLE pg_temp_1.other (a int)', '3F000'],
    ['SELECT * FROM pg_temp_1.t', '42P01'],
  ] as const)
    await expect(ask(text), text).rejects.toMatchObject({ code });
});

it('sessions do not see one another’s tables, and take them with them', async () => {
  const [a, b] = [database.session(), database.session()];
  await ask('CREATE TEMP TABLE mine AS SELECT 1 AS v', a);
  await ask('CREATE TEMP TABLE mine AS SELECT 2 AS v', b);
  expect([await ask('SELECT v FROM mine', a), await ask('SELECT v FROM mine', b)]).toEqual([[1], [2]]);
  await a.close();
  expect(await ask('SELECT v FROM mine', b)).toEqual([2]);
  await b.close();
  await expect(ask('SELECT v FROM mine')).rejects.toMatchObject({ code: '42P01' });
});

it('through the API a temporary table lasts as long as the connection', async () => {
  const sk = new SkyhookDM();
  await sk.connect('memory:');
  await sk.sql('CREATE TEMP TABLE t AS SELECT $1::int AS a', [5]);
  await sk.sql('INSERT INTO t VALUES ($1)', [6]);
  expect((await sk.sql('SELECT sum(a) AS s FROM t')).get(0)!['s']).toBe(11n);
  expect((await sk.sql('DROP TABLE t')).numCols).toBe(0);
  await sk.close();
});
