// Fragments on the evaluator, over stored partitions, against the same work done by native DuckDB.
import { DuckDBInstance } from '@duckdb/node-api';
import type * as arrow from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog, PartitionPlaces, TableEntry } from '../../src/catalog/index.js';
import { listOf, type Overload, type SqlType, types, type Value } from '../../src/core/index.js';
import { fromArrow, toArrow } from '../../src/exec/eval/index.js';
import { fromValues, valueAt } from '../../src/exec/eval/vec.js';
import { createFragmentRunner, type FragmentRunner } from '../../src/exec/fragment/index.js';
import type {
  AggregateCall,
  Column,
  ColumnId,
  FragmentOutput,
  FragmentSpec,
  Gather,
  Scalar,
} from '../../src/planner/index.js';
import { openStore, PartitionEncoder } from '../../src/store/index.js';

const floats = listOf(types.float4);
const stored: readonly { name: string; type: SqlType }[] = [
  { name: 'run', type: types.int4 },
  { name: 'event', type: types.int8 },
  { name: 'met', type: types.float8 },
  { name: 'pt', type: floats },
  { name: 'eta', type: floats },
  { name: 'tag', type: types.text },
];
const partitions = 5;
const rowsEach = 400;

/** xorshift32: the same data every time. */
function random(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 4294967296;
  };
}
const next = random(12345);
const pick = <T>(...from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
const float = (): number =>
  next() < 0.1 ? pick(NaN, Infinity, -Infinity, -0, 0, 20) : Math.fround((next() - 0.3) * 100);

function makeRow(): Value[] {
  const n = Math.floor(next() * 4);
  const list = (): Value => Array.from({ length: n }, float);
  return [
    next() < 0.05 ? null : Math.floor(next() * 5) - 2,
    next() < 0.05 ? null : BigInt(Math.floor(next() * 2 ** 40)) * pick(1n, -1n, 1n << 22n),
    next() < 0.1 ? null : float(),
    next() < 0.05 ? null : list(),
    list(),
    next() < 0.1 ? null : pick('', 'ä', 'muon', 'jet', '日本', '\u{1f600}'),
  ];
}
const rows = Array.from({ length: partitions * rowsEach }, makeRow);

const columns: Column[] = stored.map(({ name, type }, i) => ({ id: (i + 1) as ColumnId, name, type }));
const entry: Column = { id: 99 as ColumnId, name: 'event_id', type: types.int8 };
const [run, event, met, pt, eta, tag] = columns as [Column, Column, Column, Column, Column, Column];
const ref = (column: Column): Scalar => ({ kind: 'column', column, type: column.type });
const lit = (type: SqlType, value: Value): Scalar => ({ kind: 'literal', type, value });
const overload = (kernel: string, returns: SqlType): Overload => ({
  op: kernel,
  kernel,
  args: [],
  returns,
  strict: true,
  volatility: 'immutable',
});
const call = (kernel: string, type: SqlType, ...args: Scalar[]): Scalar => ({
  kind: 'call',
  name: kernel,
  type,
  args,
  overload: overload(kernel, type),
});
const test = (op: string, a: Scalar, b: Scalar): Scalar => call(op, types.bool, a, b);
const element: Column = { id: 50 as ColumnId, name: 'x', type: types.float4 };
const other: Column = { id: 51 as ColumnId, name: 'y', type: types.float4 };
const real = (value: number): Scalar => lit(types.float4, value);
const mapped = (list: Column, body: Scalar): Scalar => ({
  kind: 'list_map',
  type: listOf(body.type),
  params: [{ column: element, list: ref(list) }],
  body,
});
const items = (...exprs: Scalar[]) =>
  exprs.map((expr, i) => ({ column: { id: (200 + i) as ColumnId, name: `c${i}`, type: expr.type }, expr }));
const aggregate = (kernel: string, type: SqlType, arg?: Scalar, filter?: Scalar) => {
  const made: AggregateCall = {
    name: kernel,
    type,
    distinct: false,
    orderBy: [],
    args: arg ? [arg] : [],
    overload: overload(kernel, type),
    ...(filter && { filter }),
  };
  return { column: { id: 300 as ColumnId, name: kernel, type }, call: made };
};

let runner: FragmentRunner;
let table: TableEntry;
let connection: Awaited<ReturnType<DuckDBInstance['connect']>>;

function duckLiteral(value: Value, type: SqlType): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) {
    const inner = (type as Extract<SqlType, { kind: 'list' }>).element;
    return `[${value.map((item: Value) => duckLiteral(item, inner)).join(',')}]::FLOAT[]`;
  }
  // As text: a decimal literal would be rounded twice on its way to FLOAT.
  if (typeof value === 'number')
    return type.kind === 'int4' ? `${value}` : `'${Object.is(value, -0) ? '-0' : value}'::DOUBLE`;
  return typeof value === 'string' ? `'${value}'` : `${value}`;
}

beforeAll(async () => {
  const store = await openStore('memory:');
  const encoder = new PartitionEncoder(stored);
  const places: PartitionPlaces[] = [];
  for (let p = 0; p < partitions; p++) {
    const part = rows.slice(p * rowsEach, (p + 1) * rowsEach);
    const data = stored.map(({ type }, c) =>
      toArrow(
        fromValues(
          type,
          part.map((row) => row[c]!),
        ),
        rowsEach,
      ),
    );
    const { bytes, record } = encoder.encode(encoder.prepare(rowsEach, data));
    await store.write(`p${p}`, bytes);
    let at = 0;
    const columnPlaces = new Map(
      stored.map(({ type }, c) => {
        const buffers = type.kind === 'list' ? 4 : type.kind === 'text' ? 3 : 2;
        const list = Array.from({ length: buffers }, () => {
          const [offset, length, checksum] = record.places.subarray(3 * at, 3 * ++at);
          return { offset: offset!, length: length!, checksum: checksum!, codec: 0 };
        });
        return [c, list] as const;
      }),
    );
    places.push({
      object: `p${p}`,
      rows: rowsEach,
      firstEntry: p * rowsEach,
      file: 0,
      variant: 0,
      columns: columnPlaces,
    });
  }
  table = {
    dataset: 'd',
    id: 1,
    path: 'Events',
    cycle: undefined,
    title: '',
    rows: rows.length,
    columns: stored.map((column) => ({ ...column, title: '' })),
    variants: [{ columns: stored.map(({ type }, index) => ({ type, index })) }],
    files: [
      {
        file: 0,
        source: 'a.root',
        cycle: 1,
        variant: 0,
        entries: rows.length,
        firstPartition: 0,
        partitionCount: partitions,
      },
    ],
    partitionCount: partitions,
  };
  const catalog = {
    places: async (_: TableEntry, wanted: readonly number[]) => wanted.map((p) => places[p]!),
  } as unknown as Catalog;
  runner = createFragmentRunner({ store, catalog });
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    'CREATE TABLE t (event_id BIGINT, run INTEGER, event BIGINT, met DOUBLE, pt FLOAT[], eta FLOAT[], tag VARCHAR)',
  );
  const values = rows.map((row, i) => `(${i},${row.map((value, c) => duckLiteral(value, stored[c]!.type)).join(',')})`);
  await connection.run(`INSERT INTO t VALUES ${values.join(',')}`);
});

function gatherOf(output: FragmentOutput, filter: readonly Scalar[] = [], limit?: number): Gather {
  const fragment: FragmentSpec = {
    columns: [
      ...columns.map((column, index) => ({ column, source: { kind: 'branch' as const, index } })),
      { column: entry, source: { kind: 'system', name: 'event_id' } },
    ],
    filter,
    output,
  };
  return {
    kind: 'gather',
    table,
    fragment,
    partitions: Int32Array.from({ length: partitions }, (_, i) => i),
    pruned: [],
    pushed: [],
    residual: [],
    placement: 'local',
    placementReason: '',
    ...(limit !== undefined && { limit }),
  };
}
const options = () => ({
  signal: new AbortController().signal,
  metrics: { partitions: 0, pruned: 0, rows: 0, bytesRead: 0, bytesMoved: 0, milliseconds: 0 },
});

async function collect(
  batches: AsyncIterable<arrow.RecordBatch>,
  outputTypes: readonly SqlType[],
): Promise<unknown[][]> {
  const out: unknown[][] = [];
  for await (const batch of batches) {
    const vecs = outputTypes.map((type, c) => fromArrow(batch.data.children[c]!, type));
    for (let i = 0; i < batch.numRows; i++) out.push(vecs.map((vec) => plain(valueAt(vec, i))));
  }
  return out;
}
/** Numbers of all widths alike; -0 kept apart. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : `${value}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && 'items' in value) return (value.items as unknown[]).map(plain);
  return value;
}
async function duck(sql: string): Promise<unknown[][]> {
  return (await (await connection.runAndReadAll(sql)).getRows()).map((row) => row.map(plain));
}

const predicates: [string, Scalar, string][] = [
  ['a float against a constant, NaN on top', test('gt', ref(met), lit(types.float8, 20)), 'met > 20'],
  ['at most', test('le', ref(met), lit(types.float8, 20)), 'met <= 20'],
  ['zero of both signs', test('eq', ref(met), lit(types.float8, 0)), 'met = 0'],
  ['NaN', test('eq', ref(met), lit(types.float8, NaN)), "met = 'NaN'::DOUBLE"],
  ['8-byte integers beyond 2^53', test('gt', ref(event), lit(types.int8, 1n << 54n)), 'event > 18014398509481984'],
  ['text by bytes', test('gt', ref(tag), lit(types.text, 'jet')), "tag > 'jet'"],
  ['LIKE', test('like', ref(tag), lit(types.text, '_')), "tag LIKE '_'"],
  [
    'three-valued OR',
    {
      kind: 'or',
      type: types.bool,
      args: [test('eq', ref(run), lit(types.int4, 1)), test('gt', ref(met), lit(types.float8, 0))],
    },
    'run = 1 OR met > 0',
  ],
  [
    'NOT of three values',
    {
      kind: 'not',
      type: types.bool,
      arg: {
        kind: 'and',
        type: types.bool,
        args: [test('ge', ref(run), lit(types.int4, 0)), test('lt', ref(met), lit(types.float8, 5))],
      },
    },
    'NOT (run >= 0 AND met < 5)',
  ],
  [
    'IN with NULL is unknown',
    {
      kind: 'is_null',
      type: types.bool,
      arg: { kind: 'in', type: types.bool, arg: ref(run), list: [lit(types.int4, 1), lit(types.int4, null)] },
    },
    '(run IN (1, NULL)) IS NULL',
  ],
  [
    'IN',
    { kind: 'in', type: types.bool, arg: ref(tag), list: [lit(types.text, 'ä'), lit(types.text, 'jet')] },
    "tag IN ('ä', 'jet')",
  ],
  ['IS NULL', { kind: 'is_null', type: types.bool, arg: ref(pt) }, 'pt IS NULL'],
  [
    'any element',
    call('list_any', types.bool, mapped(pt, test('gt', ref(element), real(20)))),
    'CASE WHEN pt IS NULL THEN NULL ELSE len(list_filter(pt, lambda x: x > 20)) > 0 END',
  ],
  [
    'all elements',
    call('list_all', types.bool, mapped(eta, test('lt', call('abs', types.float4, ref(element)), real(30)))),
    'len(list_filter(eta, lambda x: NOT (abs(x) < 30))) = 0',
  ],
  [
    'two lists in step, with a column of the row',
    test(
      'ge',
      call('list_count', types.int4, {
        kind: 'list_map',
        type: listOf(types.bool),
        params: [
          { column: element, list: ref(pt) },
          { column: other, list: ref(eta) },
        ],
        body: {
          kind: 'and',
          type: types.bool,
          args: [test('gt', ref(element), ref(other)), test('gt', ref(run), lit(types.int4, -2))],
        },
      }),
      lit(types.int4, 1),
    ),
    'len(list_filter(list_zip(pt, eta), lambda z: z[1] > z[2] AND run > -2)) >= 1',
  ],
];

describe('fragments agree with DuckDB', () => {
  it.each(predicates)('filter: %s', async (_, predicate, sql) => {
    const gather = gatherOf({ kind: 'rows', items: items(ref(entry), ref(event), ref(pt), ref(tag)) }, [predicate]);
    const ours = await collect(runner.rows(gather, options()), [types.int8, types.int8, floats, types.text]);
    expect(ours).toEqual(await duck(`SELECT event_id, event, pt, tag FROM t WHERE ${sql} ORDER BY event_id`));
    expect(ours.length).toBeGreaterThan(0);
  });

  it('projects expressions', async () => {
    const filtered: Scalar = {
      kind: 'list_filter',
      type: floats,
      param: element,
      list: ref(eta),
      body: test('gt', ref(element), real(0)),
    };
    const chosen: Scalar = {
      kind: 'case',
      type: types.int4,
      branches: [
        { when: test('ne', ref(run), lit(types.int4, 0)), then: call('div', types.int4, lit(types.int4, 7), ref(run)) },
      ],
      otherwise: lit(types.int4, null),
    };
    const exprs = [
      call('add', types.int4, ref(run), lit(types.int4, 3)),
      chosen,
      call('mul', types.float8, ref(met), lit(types.float8, 0.1)),
      filtered,
      call('list_len', types.int4, filtered),
      call('list_max', types.float4, ref(eta)),
      call('subscript', types.float4, ref(eta), lit(types.int4, 2)),
      mapped(eta, call('mul', types.float4, ref(element), real(Math.fround(1.1)))),
    ];
    const ours = await collect(
      runner.rows(gatherOf({ kind: 'rows', items: items(...exprs) }), options()),
      exprs.map((e) => e.type),
    );
    const theirs = await duck(
      `SELECT run + 3, CASE WHEN run <> 0 THEN trunc(7 / run)::INTEGER END, met * 0.1::DOUBLE, list_filter(eta, lambda x: x > 0),
       len(list_filter(eta, lambda x: x > 0)), list_max(eta), eta[2], list_transform(eta, lambda x: x * 1.1::FLOAT) FROM t ORDER BY event_id`,
    );
    expect(ours).toEqual(theirs);
  });

  it('stops at a limit', async () => {
    const metrics = options();
    const gather = gatherOf({ kind: 'rows', items: items(ref(entry)), limit: 3 }, [], 3);
    expect(await collect(runner.rows(gather, metrics), [types.int8])).toEqual([['0'], ['1'], ['2']]);
    expect(metrics.metrics.partitions).toBeLessThan(partitions);
  });

  it('keeps the top, ties by entry', async () => {
    const gather = gatherOf({
      kind: 'top_n',
      items: items(ref(entry), ref(run)),
      keys: [{ expr: ref(run), descending: true, nullsFirst: true }],
      limit: 130,
    });
    const plan = { kind: 'merge_top_n' as const, input: gather, keys: [], limit: 120, offset: 10 };
    expect(await collect(runner.mergeTopN(plan, options()), [types.int8, types.int4])).toEqual(
      await duck('SELECT event_id, run FROM t ORDER BY run DESC NULLS FIRST, event_id LIMIT 120 OFFSET 10'),
    );
  });

  it('merges aggregates', async () => {
    const finite = test('lt', call('abs', types.float8, ref(met)), lit(types.float8, 1e6));
    const aggregates = [
      aggregate('count_star', types.int8),
      aggregate('count', types.int8, ref(met)),
      aggregate('sum', types.int8, ref(run)),
      aggregate('sum', { kind: 'numeric', precision: 38, scale: 0 }, ref(event)),
      aggregate('min', types.float8, ref(met)),
      aggregate('max', types.float8, ref(met)),
      aggregate('max', types.text, ref(tag)),
      aggregate('count', types.int8, ref(met), finite),
    ];
    const groups = items(ref(run));
    const gather = gatherOf({ kind: 'aggregate', groups, aggregates });
    const plan = { kind: 'merge_aggregate' as const, input: gather, groups: groups.map((g) => g.column), aggregates };
    const outputTypes = [types.int4, ...aggregates.map(({ call: c }) => c.type)];
    const ours = await collect(runner.mergeAggregate(plan, options()), outputTypes);
    const theirs = await duck(
      `SELECT run, count(*), count(met), sum(run), sum(event), min(met), max(met), max(tag), count(met) FILTER (abs(met) < 1e6)
       FROM t GROUP BY run ORDER BY min(event_id)`,
    );
    expect(ours.map((row) => row.map(digits))).toEqual(theirs.map((row) => row.map(zero)));
  });

  it('sums floats exactly, whatever the partitioning', async () => {
    const finite = test('lt', call('abs', types.float8, ref(met)), lit(types.float8, 1e6));
    const aggregates = [aggregate('sum', types.float8, ref(met)), aggregate('avg', types.float8, ref(met))];
    const gather = gatherOf({ kind: 'aggregate', groups: [], aggregates }, [finite]);
    const sums = await Promise.all(
      [gather, { ...gather, partitions: Int32Array.from([4, 2, 0, 1, 3]) }].map((input) =>
        collect(runner.mergeAggregate({ kind: 'merge_aggregate', input, groups: [], aggregates }, options()), [
          types.float8,
          types.float8,
        ]),
      ),
    );
    expect(sums[0]).toEqual(sums[1]);
    const [sum] = (await duck('SELECT fsum(met), favg(met) FROM t WHERE abs(met) < 1e6'))[0] as [string];
    expect(Number((sums[0]![0] as [string])[0])).toBeCloseTo(Number(sum), 8);
  });

  it('a canceled run stops', async () => {
    const canceled = { ...options(), signal: AbortSignal.abort() };
    const gather = gatherOf({ kind: 'rows', items: items(ref(entry)) });
    await expect(collect(runner.rows(gather, canceled), [types.int8])).rejects.toMatchObject({ code: '57014' });
  });
});

/** The extreme of zeros of both signs may be either. */
const zero = (value: unknown): unknown => (value === '-0' ? '0' : value);
const digits = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'unscaled' in value ? `${value.unscaled}` : zero(value);
