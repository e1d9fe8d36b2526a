// Where a tree is cut into partitions: at basket borders where they are near, by the bytes its columns will take.

export interface EntryRange {
  readonly start: number;
  readonly stop: number;
}

/**
 * Ranges that cover [0, entries) in order. `bytes`: uncompressed size of all columns; a cluster start is taken when it lies in the
 * second half of what a partition may hold, so partitions are between half full and full.
 */
export function planPartitions(
  entries: number,
  bytes: number,
  targetBytes: number,
  clusterStarts: readonly number[],
): EntryRange[] {
  const perPartition = Math.max(1, Math.floor((targetBytes * entries) / Math.max(bytes, 1)));
  const ranges: EntryRange[] = [];
  let next = 0;
  for (let start = 0; start < entries; ) {
    const furthest = Math.min(entries, start + perPartition);
    let stop = furthest;
    if (furthest < entries) {
      while (next < clusterStarts.length && clusterStarts[next]! <= furthest) next++;
      const cluster = next === 0 ? 0 : clusterStarts[next - 1]!;
      if (cluster > start + perPartition / 2) stop = cluster;
    }
    ranges.push({ start, stop });
    start = stop;
  }
  return ranges;
}
