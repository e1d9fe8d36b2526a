// Five stored partitions of awkward values, the same in native DuckDB, and the means to ask both.
import { DuckDBInstance } from '@duckdb/node-api';
import type * as arrow from 'apache-arrow';
import type { Catalog, PartitionPlaces, TableEntry } from '../../src/catalog/index.js';
import { listOf, type Overload, type SqlType, types, type Value } from '../../src/core/index.js';
import { fromArrow, toArrow } from '../../src/exec/eval/index.js';
import { fromValues, valueAt } from '../../src/exec/eval/vec.js';
import { createFragmentRunner, type FragmentRunner } from '../../src/exec/fragment/index.js';
import { newGatherMetrics } from '../../src/exec/metrics.js';
import type {
  AggregateCall,
  Column,
  ColumnId,
  FragmentOutput,
  FragmentSpec,
  FragmentUnnest,
  Gather,
  Scalar,
} from '../../src/planner/index.js';
import { type ObjectStore, openStore, PartitionEncoder } from '../../src/store/index.js';

const floats = listOf(types.float4);
export const stored: readonly { name: string; type: SqlType }[] = [
  { name: 'run', type: types.int4 },
  { name: 'event', type: types.int8 },
  { name: 'met', type: types.float8 },
  { name: 'pt', type: floats },
  { name: 'eta', type: floats },
  { name: 'tag', type: types.text },
];
export const partitions = 5;
export const rowsEach = 400;

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
export const rows = Array.from({ length: partitions * rowsEach }, makeRow);

export const columns: Column[] = stored.map(({ name, type }, i) => ({ id: (i + 1) as ColumnId, name, type }));
export const entry: Column = { id: 99 as ColumnId, name: 'event_id', type: types.int8 };
export const [run, event, met, pt, eta, tag] = columns as [Column, Column, Column, Column, Column, Column];
export const ref = (column: Column): Scalar => ({ kind: 'column', column, type: column.type });
export const lit = (type: SqlType, value: Value): Scalar => ({ kind: 'literal', type, value });
const overload = (kernel: string, returns: SqlType): Overload => ({
  op: kernel,
  kernel,
  args: [],
  returns,
  strict: true,
  volatility: 'immutable',
});
export const call = (kernel: string, type: SqlType, ...args: Scalar[]): Scalar => ({
  kind: 'call',
  name: kernel,
  type,
  args,
  overload: overload(kernel, type),
});
export const test = (op: string, a: Scalar, b: Scalar): Scalar => call(op, types.bool, a, b);
export const element: Column = { id: 50 as ColumnId, name: 'x', type: types.float4 };
export const other: Column = { id: 51 as ColumnId, name: 'y', type: types.float4 };
export const real = (value: number): Scalar => lit(types.float4, value);
export const mapped = (list: Column, body: Scalar): Scalar => ({
  kind: 'list_map',
  type: listOf(body.type),
  params: [{ column: element, list: ref(list) }],
  body,
});
export const items = (...exprs: Scalar[]) =>
  exprs.map((expr, i) => ({ column: { id: (200 + i) as ColumnId, name: `c${i}`, type: expr.type }, expr }));
export const aggregate = (kernel: string, type: SqlType, arg?: Scalar, filter?: Scalar) => {
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

export interface Fixture {
  readonly store: ObjectStore;
  readonly runner: FragmentRunner;
  readonly catalog: Catalog;
  gatherOf(output: FragmentOutput, filter?: readonly Scalar[], limit?: number, unnest?: FragmentUnnest): Gather;
  duck(sql: string): Promise<unknown[][]>;
}

export async function openFixture(): Promise<Fixture> {
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
  const table: TableEntry = {
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
  const runner = createFragmentRunner({ store, catalog });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    'CREATE TABLE t (event_id BIGINT, run INTEGER, event BIGINT, met DOUBLE, pt FLOAT[], eta FLOAT[], tag VARCHAR)',
  );
  const values = rows.map((row, i) => `(${i},${row.map((value, c) => duckLiteral(value, stored[c]!.type)).join(',')})`);
  await connection.run(`INSERT INTO t VALUES ${values.join(',')}`);
  return {
    store,
    runner,
    catalog,
    gatherOf: (...args) => gatherOf(table, ...args),
    duck: async (sql) => (await (await connection.runAndReadAll(sql)).getRows()).map((row) => row.map(plain)),
  };
}

function gatherOf(
  table: TableEntry,
  output: FragmentOutput,
  filter: readonly Scalar[] = [],
  limit?: number,
  unnest?: FragmentUnnest,
): Gather {
  const fragment: FragmentSpec = {
    columns: [
      ...columns.map((column, index) => ({ column, source: { kind: 'branch' as const, index } })),
      { column: entry, source: { kind: 'system', name: 'event_id' } },
    ],
    filter,
    ...(unnest && { unnest }),
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
export const options = () => ({
  signal: new AbortController().signal,
  metrics: newGatherMetrics(),
});

export async function collect(
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
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : `${value}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object' && 'items' in value) return (value.items as unknown[]).map(plain);
  return value;
}
