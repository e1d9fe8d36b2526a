// The running minimum or maximum per group, NaN above all: in doubles where the type is flat, else value by value.
import { compareValues, type SqlType, type Value } from '../../core/index.js';
import { flat, fromValues, isFlatType, toFlat, type Vec, valueAt } from '../eval/vec.js';
import type { AggregateState, Grouped } from './aggregate-state.js';
import { grown } from './grown.js';

export class ExtremeState implements AggregateState {
  /** `undefined` where values are boxed. */
  private best: Float64Array | undefined;
  private seen = new Uint8Array(16);
  private boxed: Value[] = [];

  constructor(
    private readonly op: 'min' | 'max',
    private readonly arg: SqlType,
  ) {
    if (isFlatType(arg)) this.best = new Float64Array(16);
  }

  update(value: Vec | undefined, { n, groups, mask, size }: Grouped): void {
    const vec = value!;
    if (this.best && vec.form === 'flat') {
      this.best = grown(this.best, size);
      this.seen = grown(this.seen, size);
      if (this.op === 'min') minimum(vec.data, n, groups, mask, this.best, this.seen);
      else maximum(vec.data, n, groups, mask, this.best, this.seen);
      return;
    }
    this.unbox();
    for (let i = 0; i < n; i++)
      if (!mask || mask[i] === 1) {
        const x = valueAt(vec, i);
        if (x !== null) this.offer(groups ? groups[i]! : 0, x);
      }
  }

  /** From here on value by value. */
  private unbox(): void {
    if (!this.best) return;
    const { best, seen } = this;
    this.best = undefined;
    const values = toFlat(flat(this.arg, best), best.length)!;
    for (let g = 0; g < seen.length; g++) if (seen[g] === 1) this.boxed[g] = valueAt(values, g);
  }

  private offer(group: number, value: Value): void {
    const best = this.boxed[group] ?? null;
    if (best !== null) {
      const order = compareValues(value, best, this.arg);
      if (this.op === 'min' ? order >= 0 : order <= 0) return;
    }
    this.boxed[group] = value;
  }

  merge([state]: readonly Vec[], groups: Int32Array | undefined, size: number): void {
    this.update(state, { n: state!.n, groups, mask: state!.valid, size });
  }
  states(groups: number): Vec[] {
    return [this.result(groups, this.arg)];
  }
  result(groups: number, type: SqlType): Vec {
    if (!this.best)
      return fromValues(
        type,
        Array.from({ length: groups }, (_, g) => this.boxed[g] ?? null),
      );
    this.best = grown(this.best, groups);
    this.seen = grown(this.seen, groups);
    const valid = this.seen.slice(0, groups);
    const values = flat(type, this.best.slice(0, groups), valid.includes(0) ? valid : undefined);
    return toFlat(values, groups)!;
  }
}

type Data = ArrayLike<number>;
type Mask = Uint8Array | undefined;

/** The first of equal values stays: 0 or -0, whichever came first. */
function minimum(
  data: Data,
  n: number,
  groups: Int32Array | undefined,
  mask: Mask,
  best: Float64Array,
  seen: Uint8Array,
): void {
  for (let i = 0; i < n; i++) {
    if (mask && mask[i] === 0) continue;
    const g = groups ? groups[i]! : 0;
    const x = data[i]!;
    const y = best[g]!;
    if (seen[g] === 0 || x < y || (Number.isNaN(y) && !Number.isNaN(x))) {
      best[g] = x;
      seen[g] = 1;
    }
  }
}
function maximum(
  data: Data,
  n: number,
  groups: Int32Array | undefined,
  mask: Mask,
  best: Float64Array,
  seen: Uint8Array,
): void {
  for (let i = 0; i < n; i++) {
    if (mask && mask[i] === 0) continue;
    const g = groups ? groups[i]! : 0;
    const x = data[i]!;
    const y = best[g]!;
    if (seen[g] === 0 || x > y || (Number.isNaN(x) && !Number.isNaN(y))) {
      best[g] = x;
      seen[g] = 1;
    }
  }
}
