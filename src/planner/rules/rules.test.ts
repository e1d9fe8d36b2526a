import { describe, expect, it } from 'vitest';
import type { ColumnStats, TableEntry, TableStats } from '../../catalog/index.js';
import { listOf, type Overload, type SqlType, types } from '../../core/index.js';
import type { Column, ColumnId, Scalar } from '../bind/scalar.js';
import type { BoundQuery, LogicalPlan, Scan } from '../logical/logical-plan.js';
import { printLogicalPlan } from '../logical/print-logical-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import { planPhysical } from '../physical/plan-physical.js';
import { printPhysicalPlan } from '../physical/print-physical-plan.js';
import { optimize } from './optimize.js';

const column = (id: number, name: string, type: SqlType): Column => ({ id: id as ColumnId, name, type });
const int = (value: number): Scalar => ({ kind: 'literal', type: types.int4, value });
const bool = (value: boolean): Scalar => ({ kind: 'literal', type: types.bool, value });
const call = (name: string, kernel: string, type: SqlType, ...args: Scalar[]): Scalar => {
  const overload: Overload = {
    op: kernel,
    args: args.map((a) => a.type),
    returns: type,
    strict: true,
    volatility: 'immutable',
    kernel,
    duckdb: (parts) => parts.join(name),
    fold: ([a, b]) => (kernel === 'add' ? Number(a) + Number(b) : a! > b!),
  };
  return { kind: 'call', type, name, overload, args };
};
const gt = (a: Scalar, b: Scalar): Scalar => call('>', 'gt', types.bool, a, b);
const eq = (a: Scalar, b: Scalar): Scalar => call('=', 'eq', types.bool, a, b);
const and = (...args: Scalar[]): Scalar => ({ kind: 'and', type: types.bool, args });

const table: TableEntry = {
  dataset: 'd',
  id: 0,
  path: 'T',
  cycle: undefined,
  title: '',
  rows: 30,
  columns: [
    { name: 'a', type: types.int4, title: '' },
    { name: 'b', type: types.int4, title: '' },
    { name: 'xs', type: listOf(types.int4), title: '' },
  ],
  variants: [],
  files: [0, 1, 2].map((file) => ({
    file,
    source: `f${file}`,
    cycle: 1,
    variant: 0,
    entries: 10,
    firstPartition: file,
    partitionCount: 1,
  })),
  partitionCount: 3,
};
const numbers = (...values: number[]): Float64Array => Float64Array.from(values);
const bounds = {
  nulls: numbers(0, 0, 10),
  min: numbers(0, 10, Number.NaN),
  max: numbers(9, 19, Number.NaN),
  nan: new Uint8Array(3),
  distinct: numbers(1, 1, 1),
  bytes: numbers(1, 1, 1),
};
const stats: TableStats = {
  table,
  file: Int32Array.of(0, 1, 2),
  firstEntry: numbers(0, 0, 0),
  rows: numbers(10, 10, 10),
  columns: new Map<string, ColumnStats>([
    ['a', bounds],
    ['b', bounds],
    ['xs', { ...bounds, minLength: numbers(0, 1, 0), maxLength: numbers(3, 3, 0), elements: numbers(9, 9, 0) }],
  ]),
};

const a = column(1, 'a', types.int4);
const b = column(2, 'b', types.int4);
const xs = column(3, 'xs', listOf(types.int4));
const file = column(4, '_file', types.text);
const scan: Scan = {
  kind: 'scan',
  table,
  columns: [
    ...[a, b, xs].map((c, index) => ({ column: c, source: { kind: 'branch', index } as const })),
    { column: file, source: { kind: 'system', name: '_file' } },
  ],
  filter: [],
};
const query = (plan: LogicalPlan, ...output: Column[]): BoundQuery => ({
  plan,
  output: output.map((c) => ({ column: c, label: c.name, type: c.type })),
});
const filter = (input: LogicalPlan, predicate: Scalar): LogicalPlan => ({ kind: 'filter', input, predicate });
const optimized = (q: BoundQuery): { plan: string; fired: readonly string[] } => {
  const { query: result, fired } = optimize(q);
  return { plan: printLogicalPlan(result), fired };
};
const physical = (q: BoundQuery, kernel: 'on' | 'off' = 'on') =>
  planPhysical(optimize(q).query, {
    stats: new Map([[table, stats]]),
    settings: { pushdown: 'auto', kernel },
    storeExecutes: false,
  });
const partitionsRead = (predicate: Scalar): readonly number[] => {
  const plan = physical(query(filter(scan, predicate), a));
  if (plan.kind !== 'gather') throw new Error(plan.kind);
  return [...plan.partitions];
};

describe('optimize', () => {
  it('folds constants, pushes the filter into the scan and prunes columns', () => {
    const q = query(filter(scan, gt(columnRef(a), call('+', 'add', types.int4, int(2), int(3)))), a);
    expect(optimized(q)).toEqual({
      plan: 'Scan: T (a:1 int32) filter a:1 > 5',
      fired: ['FoldConstants', 'PushFilterIntoScan', 'PruneColumns'],
    });
  });

  it('simplifies truth values', () => {
    const q = query(
      filter(
        scan,
        and(bool(true), {
          kind: 'not',
          type: types.bool,
          arg: { kind: 'not', type: types.bool, arg: gt(columnRef(a), int(1)) },
        }),
      ),
      a,
    );
    expect(optimized(q).plan).toBe('Scan: T (a:1 int32) filter a:1 > 1');
  });

  it('leaves nothing to read where nothing can pass', () => {
    expect(optimized(query(filter(scan, and(gt(columnRef(a), int(1)), bool(false))), a)).plan).toMatch(
      /^Values: 0 rows/,
    );
  });

  it('rewrites a filter over what a projection computes', () => {
    const sum = column(9, 's', types.int4);
    const project: LogicalPlan = {
      kind: 'project',
      input: scan,
      items: [{ column: sum, expr: call('+', 'add', types.int4, columnRef(a), columnRef(b)) }],
    };
    expect(optimized(query(filter(project, gt(columnRef(sum), int(1))), sum)).plan).toBe(
      'Project: s:3 = a:1 + b:2\n└─ Scan: T (a:1 int32, b:2 int32) filter a:1 + b:2 > 1',
    );
  });

  const other = column(11, 'a', types.int4);
  const right: Scan = {
    kind: 'scan',
    table,
    columns: [{ column: other, source: { kind: 'branch', index: 0 } }],
    filter: [],
  };

  it('moves terms to both sides of an inner join, and makes a condition of a cross join', () => {
    const join: LogicalPlan = { kind: 'join', type: 'cross', left: scan, right, lateral: false };
    const terms = and(gt(columnRef(a), int(1)), gt(columnRef(other), int(2)), eq(columnRef(a), columnRef(other)));
    expect(optimized(query(filter(join, terms), a)).plan).toBe(
      'Join: inner on a:1 = a:2\n├─ Scan: T (a:1 int32) filter a:1 > 1 and a:1 > 2\n└─ Scan: T (a:2 int32) filter a:2 > 2 and a:2 > 1',
    );
  });

  it('filters below a left join on the preserved side only', () => {
    const on = eq(columnRef(a), columnRef(other));
    const join: LogicalPlan = { kind: 'join', type: 'left', left: scan, right, lateral: false, on };
    const { plan } = optimized(query(filter(join, and(gt(columnRef(a), int(1)), gt(columnRef(other), int(2)))), a));
    expect(plan).toBe(
      'Filter: a:2 > 2\n└─ Join: left on a:1 = a:2\n   ├─ Scan: T (a:1 int32) filter a:1 > 1\n   └─ Scan: T (a:2 int32) filter a:2 > 1',
    );
  });

  it('keeps only the wanted rows of a sort', () => {
    const sort: LogicalPlan = {
      kind: 'sort',
      input: scan,
      keys: [{ expr: columnRef(a), descending: true, nullsFirst: true }],
    };
    const q = query({ kind: 'limit', input: sort, limit: int(2), withTies: false }, a);
    expect(optimized(q)).toEqual({
      plan: 'TopN: 2 by a:1 desc\n└─ Scan: T (a:1 int32)',
      fired: ['TopN', 'PruneColumns'],
    });
    expect(printPhysicalPlan(physical(q))).toMatch(/^MergeTopN: 2 by a:1 desc\n└─ Gather/);
  });

  it('does nothing for a rule that is disabled', () => {
    const q = query(filter(scan, gt(columnRef(a), int(5))), a);
    expect(optimize(q, { disabledRules: new Set(['PushFilterIntoScan']) }).fired).not.toContain('PushFilterIntoScan');
  });
});

describe('planPhysical', () => {
  it('prunes by bounds, and partitions without values', () => {
    expect(partitionsRead(gt(columnRef(a), int(9)))).toEqual([1]);
    expect(partitionsRead(gt(columnRef(a), int(8)))).toEqual([0, 1]);
    expect(partitionsRead({ kind: 'is_null', type: types.bool, arg: columnRef(a) })).toEqual([2]);
    expect(partitionsRead({ kind: 'not', type: types.bool, arg: gt(columnRef(a), int(9)) })).toEqual([0]);
    const either: Scalar = {
      kind: 'or',
      type: types.bool,
      args: [gt(columnRef(a), int(18)), eq(columnRef(b), int(3))],
    };
    expect(partitionsRead(either)).toEqual([0, 1]);
    expect(partitionsRead({ kind: 'in', type: types.bool, arg: columnRef(a), list: [int(12), int(40)] })).toEqual([1]);
  });

  it('prunes by the bounds of list elements', () => {
    const x = column(20, 'x', types.int4);
    const any = (n: number): Scalar =>
      call('list_any', 'list_any', types.bool, {
        kind: 'list_map',
        type: listOf(types.bool),
        params: [{ column: x, list: columnRef(xs) }],
        body: gt(columnRef(x), int(n)),
      });
    expect(partitionsRead(any(9))).toEqual([1]);
    expect(partitionsRead(any(3))).toEqual([0, 1]);
  });

  it('prunes by file', () => {
    expect(partitionsRead(eq(columnRef(file), { kind: 'literal', type: types.text, value: 'f2' }))).toEqual([2]);
  });

  it('reads as many partitions as a bare limit needs', () => {
    const plan = physical(query({ kind: 'limit', input: scan, limit: int(11), withTies: false }, a));
    expect(plan).toMatchObject({ kind: 'gather', limit: 11, partitions: Int32Array.of(0, 1) });
  });

  it('leaves everything to other engines where the kernel is off', () => {
    const plan = physical(query(filter(scan, gt(columnRef(a), int(9))), a), 'off');
    expect(plan.kind).toBe('duckdb');
    expect(printPhysicalPlan(plan)).toContain('Filter: a:1 > 9');
    expect(printPhysicalPlan(plan)).toContain('pushed: none');
  });
});
