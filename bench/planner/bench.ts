// Planning time over a manifest of 100,000 partitions × 1,000 columns, for a query on three of them.
import type { ColumnStats, TableEntry, TableStats } from '../../src/catalog/index.js';
import { types } from '../../src/core/index.js';
import { parseSql, type QueryStatement } from '../../src/parser/index.js';
import { bindStatement, optimize, planPhysical, statsNeeded } from '../../src/planner/index.js';

const partitionCount = 100_000;
const columnCount = 1_000;
const names = Array.from({ length: columnCount }, (_, i) => `c${i}`);

const table: TableEntry = {
  dataset: 'wide',
  id: 0,
  path: 'Events',
  cycle: undefined,
  title: '',
  rows: partitionCount * 100,
  columns: names.map((name) => ({ name, type: types.float8, title: '' })),
  variants: [{ columns: names.map((_, index) => ({ type: types.float8, index })) }],
  files: [
    { file: 0, source: 'f', cycle: 1, variant: 0, entries: partitionCount * 100, firstPartition: 0, partitionCount },
  ],
  partitionCount,
};
const perPartition = (f: (p: number) => number): Float64Array =>
  Float64Array.from({ length: partitionCount }, (_, p) => f(p));

function statistics(columns: readonly string[]): TableStats {
  const one = (): ColumnStats => ({
    nulls: perPartition(() => 0),
    min: perPartition((p) => p % 977),
    max: perPartition((p) => (p % 977) + 10),
    nan: new Uint8Array(partitionCount),
    distinct: perPartition(() => 100),
    bytes: perPartition(() => 800),
  });
  return {
    table,
    file: new Int32Array(partitionCount),
    firstEntry: perPartition((p) => p * 100),
    rows: perPartition(() => 100),
    columns: new Map(columns.map((name) => [name, one()])),
  };
}

const environment = {
  datasets: new Map([['wide', { name: 'wide', version: 1, files: [], tables: [table] }]]),
  datasetNames: ['wide'],
  searchPath: ['wide'],
};
const [statement] = parseSql('SELECT c1, c2, c3 FROM "Events" WHERE c1 > 900 AND c2 < 950 AND c3 BETWEEN 905 AND 940');
const bind = () => bindStatement(statement as QueryStatement, environment);
const needed = statsNeeded(optimize(bind()).query);
const stats = new Map(needed.map((n) => [n.table, statistics(n.columns)]));

const time = (work: () => unknown): number => {
  const times: number[] = [];
  for (let i = 0; i < 30; i++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[15]!;
};
const bound = bind();
const { query } = optimize(bound);
const settings = { pushdown: 'auto', kernel: 'on' } as const;
console.log(`columns whose statistics are read: ${needed.flatMap((n) => n.columns).length} of ${columnCount}`);
console.log(`bind       ${time(bind).toFixed(2)} ms`);
console.log(`optimize   ${time(() => optimize(bound)).toFixed(2)} ms`);
console.log(`physical   ${time(() => planPhysical(query, { stats, settings, storeExecutes: false })).toFixed(2)} ms`);
