import { describe, expect, it } from 'vitest';
import type { PartitionPlaces, TableEntry } from '../../catalog/index.js';
import {
  bufferRoles,
  decodeFragment,
  type FragmentBudget,
  listOf,
  type Overload,
  type SqlType,
  types,
  type Value,
} from '../../core/index.js';
import type { AggregateCall, Column, ColumnId, FragmentSpec, Scalar } from '../../planner/index.js';
import { fromValues, slice, type Vec, valueAt } from '../eval/vec.js';
import { bindFragment, encodePartition } from './bind-fragment.js';
import { runFragment } from './run-fragment.js';

const col = (id: number, name: string, type: SqlType): Column => ({ id: id as ColumnId, name, type });
const ref = (column: Column): Scalar => ({ kind: 'column', column, type: column.type });
const lit = (type: SqlType, value: Value): Scalar => ({ kind: 'literal', type, value });
const call = (kernel: string, type: SqlType, ...args: Scalar[]): Scalar => ({
  kind: 'call',
  name: kernel,
  type,
  args,
  overload: { op: kernel, kernel, args: [], returns: type, strict: true, volatility: 'immutable' } satisfies Overload,
});
const aggregate = (kernel: string, type: SqlType, arg?: Scalar): AggregateCall => ({
  name: kernel,
  type,
  distinct: false,
  orderBy: [],
  args: arg ? [arg] : [],
  overload: { op: kernel, kernel, args: [], returns: type, strict: true, volatility: 'immutable' },
});

const floats = listOf(types.float4);
const stored = [types.int4, floats, types.float8] as const;
const data: Value[][] = [
  [5, 1, 9, 4],
  [[25, 3], [], [10, NaN], null],
  [1.5, -0, null, 2.5],
];
const vecs = data.map((values, i) => fromValues(stored[i]!, values));

const table: TableEntry = {
  dataset: 'd',
  id: 1,
  path: 'Events',
  cycle: undefined,
  title: '',
  rows: 4,
  columns: ['run', 'pt', 'met'].map((name, i) => ({ name, type: stored[i]!, title: '' })),
  variants: [
    { columns: stored.map((type, index) => ({ type, index })) },
    { columns: [{ type: types.int4, index: 0 }, undefined, undefined] },
  ],
  files: [],
  partitionCount: 1,
};
const run = col(1, 'run', types.int4);
const pt = col(2, 'pt', floats);
const met = col(3, 'met', types.float8);
const id = col(4, 'event_id', types.int8);
const columns: FragmentSpec['columns'] = [
  ...[run, pt, met].map((column, index) => ({ column, source: { kind: 'branch' as const, index } })),
  { column: id, source: { kind: 'system', name: 'event_id' } },
];
const places: PartitionPlaces = {
  object: 'p',
  rows: 4,
  firstEntry: 100,
  file: 0,
  variant: 0,
  columns: new Map(
    stored.map((type, i) => [
      i,
      bufferRoles(type).map((role) => ({ offset: 0, length: role === 'validity' ? 0 : 64, checksum: 0, codec: 0 })),
    ]),
  ),
};
const budget = { rows: 1000, bytes: 1 << 20, millis: 1000 };

async function answer(
  spec: FragmentSpec,
  variant = 0,
  limits: FragmentBudget = budget,
): Promise<{ rows: Value[][]; read: number[] }> {
  const bound = bindFragment(spec, table, variant);
  const read: number[] = [];
  const bytes = encodePartition(bound, places, 'a.root', limits);
  expect(decodeFragment(bytes).rows).toBe(4);
  const result = await runFragment(bytes, async (_, wanted) => {
    read.push(...wanted.map((c) => bound.columns[c]!.index));
    return wanted.map((c) => ({ rows: (from, to) => slice(vecs[bound.columns[c]!.index]!, from, to) }));
  });
  const row = (i: number) => result.columns.map((vec: Vec) => valueAt(vec, i));
  return { rows: Array.from({ length: result.rows }, (_, i) => row(i)), read };
}
const items = (...exprs: Scalar[]) => exprs.map((expr, i) => ({ column: col(100 + i, `c${i}`, expr.type), expr }));
const element = col(50, 'x', types.float4);
const above = (limit: number): Scalar => ({
  kind: 'list_map',
  type: listOf(types.bool),
  params: [{ column: element, list: ref(pt) }],
  body: call('gt', types.bool, ref(element), lit(types.float4, limit)),
});

describe('runFragment', () => {
  it('filters and projects with the entry number', async () => {
    const spec: FragmentSpec = {
      columns,
      filter: [call('gt', types.bool, ref(run), lit(types.int4, 4))],
      output: { kind: 'rows', items: items(ref(id), ref(run), ref(pt)) },
    };
    expect((await answer(spec)).rows).toEqual([
      [100n, 5, [25, 3]],
      [102n, 9, [10, NaN]],
    ]);
  });

  it('reads no output column where no row passes', async () => {
    const spec: FragmentSpec = {
      columns,
      filter: [call('gt', types.bool, ref(run), lit(types.int4, 99))],
      output: { kind: 'rows', items: items(ref(pt)) },
    };
    expect(await answer(spec)).toEqual({ rows: [], read: [0] });
  });

  it('reduces lists: NaN is above all, a NULL list gives NULL', async () => {
    const spec: FragmentSpec = {
      columns,
      filter: [],
      output: {
        kind: 'rows',
        items: items(call('list_any', types.bool, above(20)), call('list_count', types.int4, above(5))),
      },
    };
    expect((await answer(spec)).rows).toEqual([
      [true, 1],
      [false, 0],
      [true, 2],
      [null, null],
    ]);
  });

  it('sees a missing column as NULL', async () => {
    const spec: FragmentSpec = { columns, filter: [], output: { kind: 'rows', items: items(ref(pt), ref(met)) } };
    expect((await answer(spec, 1)).rows).toEqual(Array.from({ length: 4 }, () => [null, null]));
  });

  it('keeps the first rows of a sort', async () => {
    const spec: FragmentSpec = {
      columns,
      filter: [],
      output: {
        kind: 'top_n',
        items: items(ref(id)),
        keys: [{ expr: ref(met), descending: true, nullsFirst: false }],
        limit: 2,
      },
    };
    expect((await answer(spec)).rows.map((row) => row[0])).toEqual([103n, 100n]);
  });

  it('counts, sums and groups', async () => {
    const spec: FragmentSpec = {
      columns,
      filter: [],
      output: {
        kind: 'aggregate',
        groups: items(call('gt', types.bool, ref(run), lit(types.int4, 4))),
        aggregates: [
          { column: col(60, 'n', types.int8), call: aggregate('count_star', types.int8) },
          { column: col(61, 's', types.int8), call: aggregate('sum', types.int8, ref(run)) },
          { column: col(62, 'm', types.float8), call: aggregate('max', types.float8, ref(met)) },
        ],
      },
    };
    expect((await answer(spec)).rows).toEqual([
      [true, 2n, 2n, { unscaled: 14n, scale: 0 }, 1.5],
      [false, 2n, 2n, { unscaled: 5n, scale: 0 }, 2.5],
    ]);
  });

  it('counts by bins: below, the bins, above with NaN; NULL of no values', async () => {
    const bounds = [lit(types.float8, 0), lit(types.float8, 2), lit(types.int4, 4)];
    const hist = (arg: Scalar, filter?: Scalar): FragmentSpec => {
      const made = aggregate('hist', listOf(types.int8), arg);
      const column = col(60, 'h', made.type);
      const full = { ...made, args: [arg, ...bounds], ...(filter && { filter }) };
      return { columns, filter: [], output: { kind: 'aggregate', groups: [], aggregates: [{ column, call: full }] } };
    };
    // 1.5, -0, NULL, 2.5
    expect((await answer(hist(ref(met)))).rows).toEqual([[[0n, 1n, 0n, 0n, 1n, 1n]]]);
    const moved = call('sub', types.float8, ref(met), lit(types.float8, 1));
    expect((await answer(hist(moved))).rows).toEqual([[[1n, 0n, 1n, 0n, 1n, 0n]]]);
    expect((await answer(hist(lit(types.float8, NaN)))).rows).toEqual([[[0n, 0n, 0n, 0n, 0n, 4n]]]);
    expect((await answer(hist(ref(met), lit(types.bool, false)))).rows).toEqual([[null]]);
  });

  it('gives an error beyond its budget, never a part of the result', async () => {
    const all: FragmentSpec = { columns, filter: [], output: { kind: 'rows', items: items(ref(pt)) } };
    const over = (limits: Partial<FragmentBudget>, spec = all) =>
      expect(answer(spec, 0, { ...budget, ...limits })).rejects.toMatchObject({ code: '54000' });
    await over({ rows: 3 });
    await over({ bytes: 100 });
    await over({ millis: 0 });
    // Read 64 bytes, given more: each row is spread out.
    await over({ bytes: 66 }, { ...all, output: { kind: 'rows', items: items(ref(id), ref(id), ref(run)) } });
    const groups: FragmentSpec = {
      columns,
      filter: [],
      output: { kind: 'aggregate', groups: items(ref(run)), aggregates: [] },
    };
    await over({ rows: 3 }, groups);
    expect((await answer(groups, 0, { ...budget, rows: 4 })).rows.length).toBe(4);
  });

  it('asks the rest of AND only where it is open', async () => {
    const divided = call(
      'gt',
      types.bool,
      call('div', types.int4, lit(types.int4, 10), call('sub', types.int4, ref(run), lit(types.int4, 5))),
      lit(types.int4, 1),
    );
    const spec = (filter: Scalar[]): FragmentSpec => ({
      columns,
      filter,
      output: { kind: 'rows', items: items(ref(run)) },
    });
    const guarded: Scalar = {
      kind: 'and',
      type: types.bool,
      args: [call('ne', types.bool, ref(run), lit(types.int4, 5)), divided],
    };
    expect((await answer(spec([guarded]))).rows).toEqual([[9]]);
    await expect(answer(spec([divided]))).rejects.toMatchObject({ code: '22012' });
  });

  it('refuses damaged bytes', () => {
    const bound = bindFragment({ columns, filter: [], output: { kind: 'rows', items: items(ref(run)) } }, table, 0);
    const bytes = encodePartition(bound, places, 'a.root', budget);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeFragment(bytes.subarray(0, length))).toThrow(/malformed/);
  });
});
