// From text to a physical plan, stage by stage, for SQL and for the native language, over a synthetic catalogue of a few partitions.
import type { ColumnStats, TableEntry, TableStats } from '../../src/catalog/index.js';
import { listOf, type SqlType, types } from '../../src/core/index.js';
import { parseNative, parseSql, type QueryStatement } from '../../src/parser/index.js';
import { bindStatement, optimize, planPhysical, statsNeeded } from '../../src/planner/index.js';
import { median } from './median.js';

const partitionCount = 16;

function tableOf(
  id: number,
  path: string,
  cycle: number | undefined,
  columns: Readonly<Record<string, SqlType>>,
): TableEntry {
  const entries = Object.entries(columns);
  return {
    dataset: 'aod',
    id,
    path,
    cycle,
    title: '',
    rows: partitionCount * 1_000,
    columns: entries.map(([name, type]) => ({ name, type, title: '' })),
    variants: [{ columns: entries.map(([, type], index) => ({ type, index })) }],
    files: [
      {
        file: 0,
        source: 'f.root',
        cycle: 75,
        variant: 0,
        entries: partitionCount * 1_000,
        firstPartition: 0,
        partitionCount,
      },
    ],
    partitionCount,
  };
}

const floats = listOf(types.float4);
const wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`HLT_path${i}`, types.bool] as const));
const events = {
  run: types.int8,
  nMuon: types.int8,
  MET_pt: types.float4,
  Muon_pt: floats,
  Muon_eta: floats,
  Muon_phi: floats,
  Jet_pt: floats,
  ...wide,
};
const tables = [
  tableOf(0, 'Events', undefined, events),
  tableOf(1, 'Events', 75, events),
  tableOf(2, 'Runs', undefined, { run: types.int8, lumi: types.float8 }),
];

const perPartition = (f: (p: number) => number): Float64Array =>
  Float64Array.from({ length: partitionCount }, (_, p) => f(p));

function statistics(table: TableEntry, columns: readonly string[]): TableStats {
  const one = (): ColumnStats => ({
    nulls: perPartition(() => 0),
    min: perPartition((p) => p),
    max: perPartition((p) => p + 100),
    nan: new Uint8Array(partitionCount),
    distinct: perPartition(() => 100),
    bytes: perPartition(() => 8_000),
  });
  return {
    table,
    file: new Int32Array(partitionCount),
    firstEntry: perPartition((p) => p * 1_000),
    rows: perPartition(() => 1_000),
    columns: new Map(columns.map((name) => [name, one()])),
  };
}

const environment = {
  datasets: new Map([['aod', { name: 'aod', version: 1, files: [], tables }]]),
  datasetNames: ['aod'],
  searchPath: ['aod'],
};
const settings = { pushdown: 'auto', kernel: 'on' } as const;

const sql = [
  'SELECT "Muon_phi" FROM "Events;75" WHERE event_id > 5',
  'SELECT run, count(*), avg("MET_pt") FROM "Events" WHERE "nMuon" >= 2 GROUP BY run ORDER BY 2 DESC LIMIT 10',
  'SELECT list_sum("Jet_pt") FROM "Events" WHERE list_count("Muon_pt" > 20 AND abs("Muon_eta") < 2.4) >= 2 AND "MET_pt" BETWEEN 20 AND 200',
  'SELECT e.run, r.lumi, max(e."MET_pt") OVER (PARTITION BY e.run ORDER BY e.event_id) FROM "Events" e LEFT JOIN "Runs" r ON r.run = e.run WHERE e."HLT_path7" AND (e."nMuon" > 1 OR e."MET_pt" > 50)',
  'WITH good AS (SELECT run, "MET_pt" AS met FROM "Events" WHERE "nMuon" = 2 OR "nMuon" = 4) SELECT run, met FROM good WHERE met > 10 UNION ALL SELECT run, lumi FROM "Runs" ORDER BY 1, 2 LIMIT 100',
];
const native = [
  'select event_id>5, project Events;75.Muon_phi',
  'select *, project Events.nMuon, Events.Muon_pt, Events.Jet_pt',
  'select nMuon >= 2 and MET_pt > 20, list_any(Muon_pt, x -> x > 20), project Events;75.Muon_pt, Events;75.MET_pt',
  'select HLT_path3 or HLT_path4, project Events.Muon_*',
];

export interface PlanFigures {
  readonly language: 'sql' | 'native';
  readonly text: string;
  readonly parse: number;
  readonly bind: number;
  readonly optimize: number;
  readonly physical: number;
}

/** One round: microseconds of each stage. */
function once(language: 'sql' | 'native', text: string): [number, number, number, number] {
  const start = performance.now();
  const statement = language === 'sql' ? (parseSql(text)[0] as QueryStatement) : parseNative(text);
  const parsed = performance.now();
  const bound = bindStatement(statement, {
    ...environment,
    ...(language === 'native' && { native: { dataset: 'aod' } }),
  });
  const done = performance.now();
  const { query } = optimize(bound);
  const optimized = performance.now();
  const stats = new Map(statsNeeded(query).map((n) => [n.table, statistics(n.table, n.columns)]));
  const ready = performance.now();
  planPhysical(query, { stats, settings, storeExecutes: false });
  const end = performance.now();
  return [(parsed - start) * 1e3, (done - parsed) * 1e3, (optimized - done) * 1e3, (end - ready) * 1e3];
}

/** Medians in microseconds, the queries taken in turn. */
export function benchPlan(rounds = 200): PlanFigures[] {
  const all = [
    ...sql.map((text) => ({ language: 'sql' as const, text })),
    ...native.map((text) => ({ language: 'native' as const, text })),
  ];
  for (let round = 0; round < rounds; round++) for (const { language, text } of all) once(language, text);
  const times = all.map((): [number, number, number, number][] => []);
  for (let round = 0; round < rounds; round++)
    all.forEach(({ language, text }, i) => {
      times[i]!.push(once(language, text));
    });
  return all.map((query, i) => {
    const stage = (at: 0 | 1 | 2 | 3) => median(times[i]!.map((round) => round[at]));
    return { ...query, parse: stage(0), bind: stage(1), optimize: stage(2), physical: stage(3) };
  });
}
