// Where the fragments of a finished plan run, partition by partition: in storage, where that saves bytes on the way here.
import type { TableStats } from '../../catalog/index.js';
import type { Scalar } from '../bind/scalar.js';
import { columnsOf } from '../logical/walk-scalar.js';
import { SelectivityEstimate } from './estimate-selectivity.js';
import type { Gather, PhysicalPlan } from './physical-plan.js';
import type { PhysicalEnvironment } from './plan-physical.js';

type Placement = Pick<Gather, 'placement' | 'placementReason' | 'here' | 'adaptive'>;

/** Storage makes an answer and sends it; below this share of the bytes that a read would move, that is the cheaper way. */
const worthwhile = 0.8;
/** Of an answer (or a reply to a read) without rows, of a group's key and state, of a computed value. */
const answerBytes = 200;
const groupBytes = 100;
const valueBytes = 9;

export function placeFragments(plan: PhysicalPlan, env: PhysicalEnvironment): PhysicalPlan {
  if (plan.kind === 'gather') return placed(plan, env);
  if (plan.kind === 'merge_aggregate' || plan.kind === 'merge_top_n')
    return { ...plan, input: placed(plan.input, env) };
  if (plan.kind === 'duckdb') return { ...plan, inputs: plan.inputs.map((input) => placeFragments(input, env)) };
  return 'input' in plan ? { ...plan, input: placeFragments(plan.input, env) } : plan;
}

const placed = (gather: Gather, env: PhysicalEnvironment): Gather => ({ ...gather, ...placementOf(gather, env) });

function placementOf(gather: Gather, { settings, storeExecutes, stats }: PhysicalEnvironment): Placement {
  if (settings.kernel !== 'on') return { placement: 'local', placementReason: `kernel=${settings.kernel}` };
  if (settings.pushdown === 'off') return { placement: 'local', placementReason: 'pushdown=off' };
  if (!storeExecutes) return { placement: 'local', placementReason: 'the store does not compute' };
  if (settings.pushdown === 'on') return { placement: 'storage', placementReason: 'pushdown=on' };
  const known = stats.get(gather.table);
  if (!known) return { placement: 'storage', placementReason: 'the store computes', adaptive: true };
  const cost = costOf(gather, known);
  const here = new Set<number>();
  let [moved, answered] = [0, 0];
  for (const p of gather.partitions) {
    const { read, answer } = cost(p);
    moved += read;
    answered += answer;
    if (answer > worthwhile * read) here.add(p);
  }
  const placementReason = `fragments give about ${printBytes(answered)}, columns have ${printBytes(moved)}`;
  if (here.size === 0) return { placement: 'storage', placementReason, adaptive: true };
  if (here.size === gather.partitions.length) return { placement: 'local', placementReason };
  return { placement: 'mixed', placementReason, here, adaptive: true };
}

/** What a read of a partition's columns moves, and what a fragment's answer has, in bytes. */
function costOf(gather: Gather, stats: TableStats): (p: number) => { read: number; answer: number } {
  const { fragment, limit } = gather;
  const { output, filter, unnest } = fragment;
  const estimate = new SelectivityEstimate(stats, fragment.columns);
  const bytesOf = (scalars: readonly Scalar[], p: number): number => {
    let bytes = 0;
    for (const id of columnsOf(...scalars).keys()) bytes += estimate.columnStats(id)?.bytes[p] ?? 0;
    return bytes;
  };
  const inFilter = new Set(columnsOf(...filter).keys());
  const others = fragment.columns.filter(({ column }) => !inFilter.has(column.id));
  return (p) => {
    const rows = stats.rows[p]!;
    const share = estimate.ofAll(filter, p);
    let read = answerBytes + bytesOf(filter, p);
    // Where no row passes, the rest is not read.
    if (share * rows >= 0.5) for (const { column } of others) read += estimate.columnStats(column.id)?.bytes[p] ?? 0;
    const perRow = unnest ? (estimate.meanLength(unnest.lists[0]!.list, p) ?? 1) : 1;
    const passing = rows * share * perRow;
    const width = (item: Scalar): number => {
      const bytes = item.kind === 'column' ? estimate.columnStats(item.column.id)?.bytes[p] : undefined;
      return bytes === undefined ? valueBytes : bytes / Math.max(1, rows);
    };
    if (output.kind === 'aggregate') {
      const groups = output.groups.reduce((product, { expr }) => {
        const distinct = expr.kind === 'column' ? estimate.columnStats(expr.column.id)?.distinct[p] : undefined;
        return product * (distinct ?? 100);
      }, 1);
      const states = output.aggregates.length + output.groups.length;
      return { read, answer: answerBytes + Math.min(groups, Math.max(1, passing)) * groupBytes * states };
    }
    const most = output.limit ?? limit ?? Number.POSITIVE_INFINITY;
    const wide = output.items.reduce((sum, { expr }) => sum + width(expr), 0);
    return { read, answer: answerBytes + Math.min(most, passing) * wide };
  };
}

function printBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}
