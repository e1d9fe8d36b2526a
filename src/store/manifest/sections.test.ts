import { expect, test } from 'vitest';
import { types } from '../../core/index.js';
import { evenQuantiles, quantileCount } from '../partition/quantiles.js';
import { gatherStats } from './gather-columns.js';
import { packStats, unpackStats } from './sections.js';
import type { ColumnStats, SegmentColumn } from './segment.js';
import type { SegmentReader } from './segment-reader.js';
import type { PartitionRun, UnitedTable } from './unite-tables.js';

const stats: ColumnStats = {
  nulls: Float64Array.of(0, 1),
  min: Float64Array.of(-1, 2),
  max: Float64Array.of(5, 7),
  nan: Uint8Array.of(0, 1),
  distinct: Float64Array.of(4, 5),
  bytes: Float64Array.of(40, 80),
};
const quantiles = Uint16Array.from({ length: 2 * quantileCount }, (_, i) => 1000 * i);

/** As they were before there were histograms: two empty arrays less. */
const old = packStats(stats).slice(0, -16);

test('statistics come back, with histograms and without', () => {
  expect(unpackStats(packStats({ ...stats, quantiles }))).toEqual({ ...stats, quantiles });
  expect(unpackStats(packStats(stats))).toEqual(stats);
  expect(unpackStats(old)).toEqual(stats);
});

test('a table of old and new segments: where there is no histogram, values are spread evenly', async () => {
  const column = { name: 'x' } as SegmentColumn;
  const run = (first: number) =>
    ({
      segment: { partitions: first },
      table: { columns: [column] },
      local: 0,
      first,
      count: 2,
    }) as unknown as PartitionRun;
  const table = { partitionCount: 4, runs: [run(0), run(2)] } as unknown as UnitedTable;
  const reader = {
    stats: async ({ partitions }: { readonly partitions: number }) => [
      unpackStats(partitions === 0 ? old : packStats({ ...stats, quantiles })),
    ],
  } as unknown as SegmentReader;
  const found = await gatherStats(reader, table, { name: 'x', type: types.float8, title: '' });
  expect([...found.quantiles!]).toEqual([...evenQuantiles, ...evenQuantiles, ...quantiles]);
  expect([...found.min]).toEqual([-1, 2, -1, 2]);
});
