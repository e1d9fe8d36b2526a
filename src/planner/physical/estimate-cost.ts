// What the fragment of one partition is expected to read and to answer.
import type { TableStats } from '../../catalog/index.js';
import type { Scalar } from '../bind/scalar.js';
import { columnsOf } from '../logical/walk-scalar.js';
import { SelectivityEstimate } from './estimate-selectivity.js';
import type { FragmentCost } from './fragment-cost.js';
import type { Gather } from './physical-plan.js';

/** Of an answer (or a reply to a read) without rows, of a group's key and state, of a computed value. */
const answerBytes = 200;
const groupBytes = 100;
const valueBytes = 9;
/** Of a key that nothing is known about. */
const typicalGroups = 100;

export function costOf({ fragment, limit }: Gather, stats: TableStats): (p: number) => FragmentCost {
  const { output, filter, unnest, columns } = fragment;
  const estimate = new SelectivityEstimate(stats, columns);
  const share = estimate.ofAll(filter);
  const perRow = unnest ? estimate.ofUnnest(unnest) : () => 1;
  const sizesOf = (scalars: readonly Scalar[]) =>
    [...columnsOf(...scalars).keys()].flatMap((id) => estimate.columnStats(id)?.bytes ?? []);
  const inFilter = new Set(columnsOf(...filter).keys());
  const filterSizes = sizesOf(filter);
  const otherSizes = columns.flatMap(({ column: { id } }) =>
    inFilter.has(id) ? [] : (estimate.columnStats(id)?.bytes ?? []),
  );
  const sum = (sizes: readonly Float64Array[], p: number) => sizes.reduce((bytes, size) => bytes + size[p]!, 0);
  const stored = (item: Scalar) => (item.kind === 'column' ? estimate.columnStats(item.column.id) : undefined);
  const items = output.kind === 'aggregate' ? [] : output.items.map(({ expr }) => stored(expr)?.bytes);
  const groups = output.kind === 'aggregate' ? output.groups.map(({ expr }) => stored(expr)?.distinct) : [];
  return (p) => {
    const all = stats.rows[p]!;
    const selected = all * share(p);
    const rows = selected * perRow(p);
    // Where no row passes, the rest is not read.
    const read = answerBytes + sum(filterSizes, p) + (selected >= 0.5 ? sum(otherSizes, p) : 0);
    if (output.kind === 'aggregate') {
      const most = groups.reduce((product, distinct) => product * (distinct?.[p] ?? typicalGroups), 1);
      const given = groups.length === 0 ? 1 : Math.min(most, rows);
      const states = output.aggregates.length + groups.length;
      return { rows: given, read, answer: answerBytes + given * groupBytes * states };
    }
    const given = Math.min(output.limit ?? limit ?? Number.POSITIVE_INFINITY, rows);
    const wide = items.reduce((bytes: number, size) => bytes + (size ? size[p]! / Math.max(1, all) : valueBytes), 0);
    return { rows: given, read, answer: answerBytes + given * wide };
  };
}
