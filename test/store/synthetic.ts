// Manifests of any size without their data: for the planner's benchmark and for assertions on objects and bytes read.
import { randomUUID } from 'node:crypto';
import { types } from '../../src/core/index.js';
import { DatasetWriter, type ObjectStore, quantileCount } from '../../src/store/index.js';

export interface SyntheticTable {
  readonly dataset: string;
  readonly partitions: number;
  readonly columns: number;
  /** Files the partitions are spread over evenly. Default 1. */
  readonly files?: number;
  readonly rowsPerPartition?: number;
}

/**
 * Commits tree `Events` with columns `c0`, `c1`, … (double precision; in partition p, column c lies in [p, p + 1), so that bounds
 * prune) whose partition objects do not exist.
 */
export async function writeSyntheticManifest(store: ObjectStore, table: SyntheticTable): Promise<void> {
  const { dataset, partitions, columns, files = 1, rowsPerPartition = 1000 } = table;
  const writer = await DatasetWriter.open(store, dataset, 'create');
  const [details] = await writer.writeDetails([
    { layout: { name: dataset, classType: 'TDirectory', children: [] }, refused: [], notices: [] },
  ]);
  const perFile = Array.from(
    { length: files },
    (_, f) => Math.floor((partitions * (f + 1)) / files) - Math.floor((partitions * f) / files),
  );
  const firstOf = perFile.map((_, f) => Math.floor((partitions * f) / files));
  const constant = (value: number) => new Float64Array(partitions).fill(value);
  const min = Float64Array.from({ length: partitions }, (_, p) => p);
  const max = Float64Array.from({ length: partitions }, (_, p) => p + 1);
  const stats = {
    nulls: constant(0),
    min,
    max,
    nan: new Uint8Array(partitions),
    distinct: constant(rowsPerPartition),
    bytes: constant(8 * rowsPerPartition),
    quantiles: Uint16Array.from({ length: partitions * quantileCount }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 16),
  };
  const places = (c: number, first: number, stop: number) => {
    const n = stop - first;
    const empty = { offset: new Uint32Array(n), length: new Uint32Array(n), checksum: new Uint32Array(n) };
    const values = {
      offset: new Uint32Array(n).fill(4096 + c * 8 * rowsPerPartition),
      length: new Uint32Array(n).fill(8 * rowsPerPartition),
      checksum: Uint32Array.from({ length: n }, (_, p) => Math.imul(first + p + 1, 0x9e3779b1) >>> 0),
    };
    return { buffers: [empty, values].map((buffer) => ({ ...buffer, codec: new Uint8Array(n) })) };
  };
  await writer.addSegment({
    files: perFile.map((count, f) => ({
      source: `/synthetic/${f}.root`,
      name: `${f}.root`,
      attributes: { size: 1, accessed: 0, modified: 0, changed: 0 },
      details: details!,
      storedBytes: count,
    })),
    writers: [randomUUID()],
    tables: [
      {
        path: 'Events',
        cycle: 1,
        title: '',
        classType: 'TTree',
        variants: [Array.from({ length: columns }, (_, c) => [c, c, types.float8] as const)],
        files: {
          file: perFile.map((_, f) => f),
          variant: perFile.map(() => 0),
          entries: perFile.map((count) => count * rowsPerPartition),
          partitions: perFile,
        },
        index: {
          writer: new Uint32Array(partitions),
          number: Uint32Array.from({ length: partitions }, (_, p) => p),
          firstEntry: Float64Array.from(
            perFile.flatMap((count, f) => Array.from({ length: count }, (_, i) => [firstOf[f]!, i] as const)),
            ([, i]) => i * rowsPerPartition,
          ),
          rows: constant(rowsPerPartition),
          bytes: constant(8 * rowsPerPartition * columns),
        },
        columns: Array.from({ length: columns }, (_, c) => ({
          name: `c${c}`,
          title: '',
          type: types.float8,
          stats: async () => stats,
          places: async (first: number, stop: number) => places(c, first, stop),
        })),
      },
    ],
  });
  await writer.commit();
}
