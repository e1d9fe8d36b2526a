// Cases that DuckDB can judge: a random partition, loaded into DuckDB too, and random fragments over it as the planner makes them.
import type { PartitionPlaces, TableEntry } from '../../src/catalog/index.js';
import { type SqlType, types, type Value } from '../../src/core/index.js';
import { bindFragment, encodePartition } from '../../src/exec/fragment/index.js';
import type { Column, ColumnId, ScanColumn } from '../../src/planner/index.js';
import type { DuckDbJudge } from './duckdb-judge.js';
import { Random, type RandomPartition, randomPartition } from './random-fragment.js';
import { isPushed, judged, type RandomSpec, randomSpec } from './random-spec.js';

const file = 'a.root';
const firstEntry = 1_000_000;
const budget = { rows: 2 ** 31 - 1, bytes: 2 ** 31 - 1, millis: 60_000 };

/** Files that store less than the table's type, so that values are cast where they are read. */
const widened = new Map<string, SqlType>([
  ['int2', types.int4],
  ['uint1', types.int2],
  ['uint4', types.int8],
]);

export class JudgedCases {
  readonly partition: RandomPartition;
  private readonly random: Random;
  private readonly wild: boolean;
  private readonly scanned: readonly ScanColumn[];
  private readonly entry: Column;
  private readonly table: TableEntry;

  constructor(seed: number, rows?: number) {
    const random = new Random(seed);
    this.random = random;
    this.wild = random.chance(0.4);
    this.partition = randomPartition(random, rows ?? random.pick([0, 1, 7, 25, 60]), this.wild, judged);
    const { columns } = this.partition;
    const wide = columns.map(({ type }) => (random.chance(0.3) ? (widened.get(type.kind) ?? type) : type));
    const column = (id: number, name: string, type: SqlType): Column => ({ id: id as ColumnId, name, type });
    this.entry = column(98, 'event_id', types.int8);
    this.scanned = [
      ...wide.map((type, index) => ({
        column: column(index, `c${index}`, type),
        source: { kind: 'branch' as const, index },
      })),
      // Files that lack a column.
      { column: column(96, 'lacking', types.float8), source: { kind: 'branch', index: columns.length } },
      { column: column(97, '_file', types.text), source: { kind: 'system', name: '_file' } },
      { column: this.entry, source: { kind: 'system', name: 'event_id' } },
      { column: column(99, '_file_ordinal', types.int4), source: { kind: 'system', name: '_file_ordinal' } },
    ];
    this.table = {
      columns: [...wide, types.float8].map((type, c) => ({ name: `c${c}`, type, title: '' })),
      variants: [{ columns: columns.map(({ type }, index) => ({ type, index })) }],
    } as unknown as TableEntry;
  }

  /** Gives the judge the rows. */
  async load(judge: DuckDbJudge): Promise<void> {
    const { values, rows } = this.partition;
    const lines = Array.from({ length: rows }, (_, i): Value[] => [
      ...values.map((column) => column[i]!),
      null,
      file,
      BigInt(firstEntry + i),
      1,
    ]);
    await judge.load(
      this.scanned.map(({ column }) => column),
      lines,
    );
  }

  next(): { readonly bytes: Uint8Array; readonly random: RandomSpec } {
    for (;;) {
      const made = randomSpec(this.random, this.scanned, this.entry, this.wild);
      if (!isPushed(made.spec)) continue;
      const { columns, rows } = this.partition;
      const places = { rows, firstEntry, file: 1, columns: new Map(columns.map(({ buffers }, c) => [c, buffers])) };
      const bound = bindFragment(made.spec, this.table, 0);
      return { bytes: encodePartition(bound, places as unknown as PartitionPlaces, file, budget), random: made };
    }
  }
}
