// A hand-made dataset of three files and three partitions, with statistics: what planner tests plan over.
import type { DatasetSnapshot, TableEntry } from '../../src/catalog/index.js';
import { listOf, type SqlType, types } from '../../src/core/index.js';

const columns: readonly (readonly [string, SqlType, number, number])[] = [
  ['run', types.int4, 1, 1],
  ['nMuon', types.int4, 0, 4],
  ['MET_pt', types.float4, 0, 200],
  ['Muon_pt', listOf(types.float4), 3, 90],
  ['Muon_eta', listOf(types.float4), -2.5, 2.5],
  ['Muon_phi', listOf(types.float4), -3.14, 3.14],
  ['HLT_mu', types.bool, 0, 1],
];

const partitionRows = 100;
const files = ['a.root', 'b.root', 'c.root'];

function table(id: number, cycle: number | undefined): TableEntry {
  return {
    dataset: 'nanoaod',
    id,
    path: 'Events',
    cycle,
    title: 'Events',
    rows: files.length * partitionRows,
    columns: columns.map(([name, type]) => ({ name, type, title: '' })),
    variants: [{ columns: columns.map(([, type], index) => ({ type, index })) }],
    files: files.map((source, file) => ({
      file,
      source,
      cycle: 75,
      variant: 0,
      entries: partitionRows,
      firstPartition: file,
      partitionCount: 1,
    })),
    partitionCount: files.length,
  };
}

export const events = table(0, undefined);

export const dataset: DatasetSnapshot = {
  name: 'nanoaod',
  version: 1,
  files: files.map((source, ordinal) => ({ ordinal, source, name: source, bytes: 1000 })),
  tables: [events, table(1, 75)],
};
