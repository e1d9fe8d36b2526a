// Plans that are kept: every answer is the one that a new plan would give.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { types, type Value } from '../../src/core/index.js';
import { Database, rowsOf, type Session } from '../../src/session/index.js';

let database: Database;
let session: Session;

beforeAll(async () => {
  database = await Database.open('memory:');
  session = database.session();
});
afterAll(async () => {
  await session.close();
  await database.close();
});

/** As the wire runs a statement: at once where that can be done. */
async function ask(text: string, parameters: readonly Value[] = [], by = session): Promise<string[]> {
  const [statement] = by.parse(text);
  const declared = parameters.map((value) => (typeof value === 'number' ? types.float8 : types.text));
  const prepared = by.prepareAtOnce(statement, declared) ?? (await by.prepare(statement, declared));
  const typed = parameters.map((value, i) => ({ value, type: prepared.parameterTypes[i]! }));
  const rows = by.executeAtOnce(statement!, typed) ?? (await by.execute(prepared, typed)).rows;
  const found: string[] = [];
  if (!rows) return found;
  for await (const batch of rows.batches)
    for (const row of rowsOf(
      batch,
      rows.columns.map((c) => c.type),
    ))
      found.push(row.map((v) => (Object.is(v, -0) ? '-0' : String(v))).join('|'));
  return found;
}

const atOnce = (text: string, by = session) => by.executeAtOnce(by.parse(text)[0]!, []) !== undefined;

test('constants are computed once; what changes by itself is not', async () => {
  expect(await ask('select 1 + 1, $$x$$')).toEqual(['2|x']);
  expect(atOnce('select 1 + 1, $$x$$')).toBe(true);
  expect(await ask('select 1 + 1, $$x$$')).toEqual(['2|x']);
  for (const text of [
    'select random()',
    'select clock_timestamp()',
    'select now()',
    'select age(timestamp $$2000-01-01$$)',
  ]) {
    const first = await ask(text);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(atOnce(text)).toBe(false);
    if (!text.includes('age')) expect(await ask(text)).not.toEqual(first);
  }
  for (let i = 0; i < 3; i++) await expect(ask('select 1 / 0')).rejects.toThrow('division by zero');
});

test('parameters: one plan for each value, whatever looks alike', async () => {
  const values = [1, -0, 0, Number.NaN, Infinity, 1, -0, null];
  for (const value of values)
    expect(await ask('select $1::float8', [value])).toEqual([Object.is(value, -0) ? '-0' : String(value)]);
  for (const value of ['null', null, '', '1', 'null', null])
    expect(await ask('select $1::text', [value])).toEqual([String(value)]);
  expect(await ask('select $1', ['1'])).toEqual(['1']);
  expect(await ask('select pg_typeof($1)::text', ['1'])).toEqual(['text']);
  expect(await ask('select pg_typeof($1)::text', [1])).toEqual(['double precision']);
  for (let i = 0; i < 40; i++) expect(await ask('select $1 * 2', [i % 20])).toEqual([String((i % 20) * 2)]);
});

test('who asks', async () => {
  const [alice, bob] = ['alice', 'bob'].map((name) => {
    const theirs = database.session();
    theirs.variables.setDefault('session_authorization', name, true);
    return theirs;
  }) as [Session, Session];
  for (let i = 0; i < 2; i++) {
    expect(await ask('select current_user', [], alice)).toEqual(['alice']);
    expect(await ask('select current_user', [], bob)).toEqual(['bob']);
  }
  await ask('set application_name = $$one$$', [], alice);
  expect(await ask('select current_setting($$application_name$$)', [], alice)).toEqual(['one']);
  expect(await ask('select current_setting($$application_name$$)', [], bob)).toEqual(['']);
});

test('new versions, other datasets of the search path, temporary tables, views', async () => {
  for (const dataset of ['a', 'b']) {
    await ask(`create schema ${dataset}`);
    await ask(`create table ${dataset}.t as select '${dataset}' as x`);
  }
  const count = 'select count(*) from a.t';
  expect(await ask(count)).toEqual(['1']);
  await ask('insert into a.t values ($$more$$)');
  expect(await ask(count)).toEqual(['2']);
  const bare = 'select min(x) from t';
  await ask('set search_path = a, b');
  expect(await ask(bare)).toEqual(['a']);
  await ask('set search_path = b, a');
  expect(await ask(bare)).toEqual(['b']);
  await ask('create temp table t as select $$temporary$$ as x');
  expect(await ask(bare)).toEqual(['temporary']);
  const other = database.session();
  await ask('set search_path = b, a', [], other);
  expect(await ask(bare, [], other)).toEqual(['b']);
  await ask('drop table pg_temp.t');
  expect(await ask(bare)).toEqual(['b']);
  await ask('create view a.v as select 1 as one');
  for (let i = 0; i < 2; i++) expect(await ask('select one from a.v')).toEqual(['1']);
  await ask('drop view a.v');
  await expect(ask('select one from a.v')).rejects.toThrow('has no tree "v"');
  await ask('create view a.v as select 2 as one');
  expect(await ask('select one from a.v')).toEqual(['2']);
  // Constants, but only as long as the table is there.
  const never = 'select 7 from a.t where false union all select 8';
  for (let i = 0; i < 2; i++) expect(await ask(never)).toEqual(['8']);
  await ask('drop table a.t');
  await expect(ask(never)).rejects.toThrow('has no tree "t"');
});

test('a statement that was prepared for other columns', async () => {
  await ask('create schema c');
  await ask('create table c.t as select 1 as x');
  const [statement] = session.parse('select * from c.t');
  const prepared = await session.prepare(statement);
  await ask('drop table c.t');
  await ask('create table c.t as select $$text$$ as x');
  await expect(session.execute(prepared, [])).rejects.toThrow('cached plan must not change result type');
  expect(await ask('select * from c.t')).toEqual(['text']);
});

test('settings that planning reads; a failed transaction', async () => {
  const text = 'select count(*) from generate_series(1, 3)';
  for (const value of ['on', 'off', 'on']) {
    await ask(`set skyhook.kernel = ${value}`);
    expect(await ask(text)).toEqual(['3']);
  }
  await ask('begin');
  await expect(ask('select 1 / 0')).rejects.toThrow();
  session.transaction.fail();
  await expect(ask('select 1 + 1, $$x$$')).rejects.toThrow('current transaction is aborted');
  await ask('rollback');
  expect(await ask('select 1 + 1, $$x$$')).toEqual(['2|x']);
});
