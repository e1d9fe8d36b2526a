// Where the fragments of a finished plan run, partition by partition: in storage, where that saves bytes on the way here. Whether storage is
// quick enough for that is seen while they run.
import { costOf } from './estimate-cost.js';
import {
  type FragmentCost,
  millisecondsHere,
  millisecondsInStorage,
  savesBytes,
  storageShare,
  typicalSpeed,
} from './fragment-cost.js';
import type { Gather, GatherEstimate, PhysicalPlan } from './physical-plan.js';
import type { PhysicalEnvironment } from './plan-physical.js';

type Placement = Pick<Gather, 'placement' | 'placementReason' | 'here' | 'costs' | 'estimate'>;

export function placeFragments(plan: PhysicalPlan, env: PhysicalEnvironment): PhysicalPlan {
  if (plan.kind === 'gather') return placed(plan, env);
  if (plan.kind === 'merge_aggregate' || plan.kind === 'merge_top_n')
    return { ...plan, input: placed(plan.input, env) };
  if (plan.kind === 'duckdb') return { ...plan, inputs: plan.inputs.map((input) => placeFragments(input, env)) };
  return 'input' in plan ? { ...plan, input: placeFragments(plan.input, env) } : plan;
}

const placed = (gather: Gather, env: PhysicalEnvironment): Gather => ({ ...gather, ...placementOf(gather, env) });

/** Partitions that are looked at for an estimate of all. */
const sampled = 256;

function placementOf(
  gather: Gather,
  { settings, storeExecutes, stats, speed = typicalSpeed }: PhysicalEnvironment,
): Placement {
  const known = stats.get(gather.table);
  const cost = known && costOf(gather, known);
  const simple = (placement: 'local' | 'storage', placementReason: string): Placement => ({
    placement,
    placementReason,
    ...(cost && { estimate: sampledEstimate(gather.partitions, cost) }),
  });
  if (settings.kernel !== 'on') return simple('local', `kernel=${settings.kernel}`);
  if (settings.pushdown === 'off') return simple('local', 'pushdown=off');
  if (!storeExecutes) return simple('local', 'the store does not compute');
  if (settings.pushdown === 'on') return simple('storage', 'pushdown=on');
  if (!cost) return simple('storage', 'the store computes');
  const count = gather.table.partitionCount;
  const costs = { rows: new Float64Array(count), read: new Float64Array(count), answer: new Float64Array(count) };
  const here = new Set<number>();
  const whole = { rows: 0, read: 0, answer: 0 };
  const pushed = { rows: 0, read: 0, answer: 0 };
  for (const p of gather.partitions) {
    const each = cost(p);
    costs.rows[p] = each.rows;
    costs.read[p] = each.read;
    costs.answer[p] = each.answer;
    add(whole, each);
    if (savesBytes(each)) add(pushed, each);
    else here.add(p);
  }
  const estimate = { ...whole, partitions: gather.partitions.length };
  const bytes = `fragments give about ${printBytes(whole.answer)}, columns have ${printBytes(whole.read)}`;
  const inStorage = gather.partitions.length - here.size;
  if (inStorage === 0 && here.size > 0) return { placement: 'local', placementReason: bytes, estimate };
  const placementReason = `${bytes}${timesOf(pushed, inStorage, speed)}`;
  if (here.size === 0) return { placement: 'storage', placementReason, costs, estimate };
  return { placement: 'mixed', placementReason, here, costs, estimate };
}

/** What a fragment takes in storage and here, as was measured. */
function timesOf({ rows, read, answer }: FragmentCost, fragments: number, speed: PhysicalEnvironment['speed']): string {
  if (!speed || fragments === 0) return '';
  const each = { rows: rows / fragments, read: read / fragments, answer: answer / fragments };
  const share = storageShare(each, speed);
  const busy = share < 1 ? `: storage is busy and gets ${Math.round(100 * share)} %` : '';
  return `; about ${printTime(millisecondsInStorage(each, speed))} each in storage, ${printTime(millisecondsHere(each, speed))} here${busy}`;
}

function sampledEstimate(partitions: Int32Array, cost: (p: number) => FragmentCost): GatherEstimate {
  const sum = { rows: 0, read: 0, answer: 0 };
  const step = Math.max(1, Math.floor(partitions.length / sampled));
  let seen = 0;
  for (let i = 0; i < partitions.length; i += step, seen++) add(sum, cost(partitions[i]!));
  const factor = seen === 0 ? 0 : partitions.length / seen;
  return {
    rows: sum.rows * factor,
    read: sum.read * factor,
    answer: sum.answer * factor,
    partitions: partitions.length,
  };
}

function add(sum: { -readonly [K in keyof FragmentCost]: number }, { rows, read, answer }: FragmentCost): void {
  sum.rows += rows;
  sum.read += read;
  sum.answer += answer;
}

const printTime = (milliseconds: number): string =>
  milliseconds < 9.95 ? `${milliseconds.toFixed(1)} ms` : `${milliseconds.toFixed(0)} ms`;

export function printBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}
