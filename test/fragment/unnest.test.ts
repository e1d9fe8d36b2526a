// Rows of list elements inside fragments, against native DuckDB's unnest.
import { beforeAll, expect, it } from 'vitest';
import { type SqlType, types } from '../../src/core/index.js';
import type { Column, ColumnId, FragmentOutput, FragmentUnnest, Gather } from '../../src/planner/index.js';
import {
  aggregate,
  call,
  collect,
  element,
  entry,
  eta,
  type Fixture,
  items,
  lit,
  mapped,
  met,
  openFixture,
  options,
  other,
  pt,
  real,
  ref,
  run,
  test,
} from './fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});

const ordinal: Column = { id: 52 as ColumnId, name: 'o', type: types.int8 };
const x = ref(element);
const y = ref(other);
const ofPt: FragmentUnnest = { lists: [{ column: element, list: ref(pt) }], ordinality: ordinal, filter: [] };
const both: FragmentUnnest = {
  lists: [
    { column: element, list: ref(pt) },
    { column: other, list: ref(eta) },
  ],
  ordinality: ordinal,
  filter: [],
};
const wide = (scalar: typeof x) =>
  ({ kind: 'cast', type: types.float8, arg: scalar, explicit: false, attempt: false }) as const;
const rowsOf = async (gather: Gather, ...as: SqlType[]) => collect(fixture.runner.rows(gather, options()), as);
const elements = (filter = '') => `(SELECT *, generate_subscripts(pt, 1) AS o, unnest(pt) AS x FROM t ${filter})`;

it('gives a row per element with the columns of its row', async () => {
  const output: FragmentOutput = { kind: 'rows', items: items(ref(entry), ref(ordinal), ref(run), x) };
  const gather = fixture.gatherOf(output, [], undefined, ofPt);
  expect(await rowsOf(gather, types.int8, types.int8, types.int4, types.float4)).toEqual(
    await fixture.duck(`SELECT event_id, o, run, x FROM ${elements()}`),
  );
});

it('filters rows, then elements', async () => {
  const output: FragmentOutput = { kind: 'rows', items: items(ref(entry), x) };
  const unnest = {
    ...ofPt,
    filter: [test('gt', x, real(20)), test('lt', wide(x), ref(met)), test('le', ref(ordinal), lit(types.int8, 2n))],
  };
  const gather = fixture.gatherOf(output, [test('gt', ref(run), lit(types.int4, 0))], undefined, unnest);
  expect(await rowsOf(gather, types.int8, types.float4)).toEqual(
    await fixture.duck(`SELECT event_id, x FROM ${elements('WHERE run > 0')} WHERE x > 20 AND x < met AND o <= 2`),
  );
});

it('walks several lists in lock-step, the shorter filled up with NULL', async () => {
  const output: FragmentOutput = { kind: 'rows', items: items(ref(entry), x, y) };
  const gather = fixture.gatherOf(output, [], undefined, both);
  const rows = await rowsOf(gather, types.int8, types.float4, types.float4);
  expect(rows).toEqual(await fixture.duck('SELECT event_id, unnest(pt), unnest(eta) FROM t'));
  expect(rows.some(([, a, b]) => a === null && b !== null)).toBe(true);
});

it('counts and sums elements by group', async () => {
  const bin = call('floor', types.float8, call('div', types.float8, wide(x), lit(types.float8, 10)));
  const aggregates = [
    aggregate('count_star', types.int8),
    aggregate('max', types.float4, y),
    aggregate('count', types.int8, ref(met), test('gt', y, real(0))),
  ];
  const output: FragmentOutput = { kind: 'aggregate', groups: items(bin), aggregates };
  const input = fixture.gatherOf(output, [], undefined, both);
  const columns = output.groups.map((group) => group.column);
  const merge = { kind: 'merge_aggregate', input, groups: columns, aggregates } as const;
  const ours = await collect(fixture.runner.mergeAggregate(merge, options()), [
    types.float8,
    types.int8,
    types.float4,
    types.int8,
  ]);
  const theirs = await fixture.duck(
    `SELECT floor(x / 10::DOUBLE) AS b, count(*), max(y), count(met) FILTER (y > 0)
     FROM (SELECT *, unnest(pt) AS x, unnest(eta) AS y FROM t) GROUP BY 1`,
  );
  const sorted = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).sort();
  // -0 and 0 are one group, named by whichever came first.
  const signless = (rows: unknown[][]) => rows.map(([b, ...rest]) => [b === '-0' ? '0' : b, ...rest]);
  expect(sorted(signless(ours))).toEqual(sorted(signless(theirs)));
});

it('keeps the first elements of a sort, ties by entry and position', async () => {
  const keys = [{ expr: x, descending: true, nullsFirst: false }];
  const output = { kind: 'top_n', items: items(ref(entry), ref(ordinal), x), keys, limit: 12 } as const;
  const input = fixture.gatherOf(output, [], undefined, ofPt);
  const merge = { kind: 'merge_top_n', input, keys, limit: 9, offset: 3 } as const;
  expect(await collect(fixture.runner.mergeTopN(merge, options()), [types.int8, types.int8, types.float4])).toEqual(
    await fixture.duck(
      `SELECT event_id, o, x FROM ${elements()} ORDER BY x DESC NULLS LAST, event_id, o LIMIT 9 OFFSET 3`,
    ),
  );
});

it('stops at a limit of elements', async () => {
  const gather = fixture.gatherOf({ kind: 'rows', items: items(x), limit: 7 }, [], 7, ofPt);
  expect(await rowsOf(gather, types.float4)).toEqual(await fixture.duck(`SELECT x FROM ${elements()} LIMIT 7`));
});

it('reduces another list of the row for each element', async () => {
  const inner = { ...element, id: 53 as ColumnId };
  const reduced = call('list_count', types.int8, {
    ...mapped(eta, test('gt', ref(inner), x)),
    params: [{ column: inner, list: ref(eta) }],
  } as never);
  const gather = fixture.gatherOf({ kind: 'rows', items: items(ref(entry), reduced) }, [], undefined, ofPt);
  expect(await rowsOf(gather, types.int8, types.int8)).toEqual(
    await fixture.duck(`SELECT event_id, len(list_filter(eta, lambda e: e > x)) FROM ${elements()}`),
  );
});
