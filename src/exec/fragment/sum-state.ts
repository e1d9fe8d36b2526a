// Running sums and averages per group: integers in bigints, fed through doubles while those are exact; floats in exact accumulators.
import {
  divideNumeric,
  ExactSum,
  fail,
  type NumericValue,
  type SqlType,
  stateTypes,
  toNumeric,
  type Value,
} from '../../core/index.js';
import { flat, fromValues, toFlat, type Vec, valueAt } from '../eval/vec.js';
import type { AggregateState, Grouped } from './aggregate-state.js';
import { grown } from './grown.js';

export class SumState implements AggregateState {
  private counts = new Float64Array(16);
  private small = new Float64Array(16);
  /** What left the doubles. */
  private readonly large = new Map<number, bigint>();
  private readonly exact: ExactSum[] = [];
  private readonly float: boolean;
  private readonly scale: number;

  constructor(
    private readonly op: 'sum' | 'avg',
    private readonly arg: SqlType,
  ) {
    this.float = arg.kind === 'float4' || arg.kind === 'float8';
    this.scale = arg.kind === 'numeric' ? (arg.scale ?? 0) : 0;
  }

  private reach(groups: number): void {
    this.counts = grown(this.counts, groups);
    this.small = grown(this.small, groups);
    if (this.float) while (this.exact.length < groups) this.exact.push(new ExactSum());
  }

  update(value: Vec | undefined, { n, groups, mask, size }: Grouped): void {
    const vec = value!;
    this.reach(size);
    const { counts, exact } = this;
    if (this.float && vec.form === 'flat' && !groups) counts[0]! += exact[0]!.addAll(vec.data, n, mask);
    else
      for (let i = 0; i < n; i++) {
        if (mask && mask[i] === 0) continue;
        const group = groups ? groups[i]! : 0;
        counts[group]!++;
        if (vec.form !== 'flat') this.addLarge(group, this.unscaled(valueAt(vec, i)));
        else if (this.float) exact[group]!.add(vec.data[i]!);
        else this.addSafe(group, vec.data[i]!);
      }
  }

  private addSafe(group: number, x: number): void {
    const sum = this.small[group]! + x;
    if (Math.abs(sum) <= Number.MAX_SAFE_INTEGER) this.small[group] = sum;
    else {
      this.addLarge(group, BigInt(this.small[group]!) + BigInt(x));
      this.small[group] = 0;
    }
  }
  private addLarge(group: number, x: bigint): void {
    this.large.set(group, (this.large.get(group) ?? 0n) + x);
  }

  private unscaled(value: Value): bigint {
    if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
    const numeric = value as NumericValue;
    if (numeric.special) throw fail('numeric_value_out_of_range', `cannot sum ${numeric.special}`);
    return numeric.unscaled * 10n ** BigInt(this.scale - numeric.scale);
  }

  merge([count, sum]: readonly Vec[], groups: Int32Array | undefined, size: number): void {
    this.reach(size);
    const { data, n } = toFlat(count!, count!.n)!;
    for (let i = 0; i < n; i++) {
      const group = groups ? groups[i]! : 0;
      this.counts[group]! += data[i]!;
      const state = valueAt(sum!, i);
      if (this.float) this.exact[group]!.merge(ExactSum.deserialize(state as Uint8Array));
      else this.addLarge(group, (state as NumericValue).unscaled);
    }
  }

  private total(group: number): bigint {
    return (this.large.get(group) ?? 0n) + BigInt(this.small[group]!);
  }

  states(groups: number): Vec[] {
    const [countType, sumType] = stateTypes(this.op, this.arg)!;
    this.reach(groups);
    const sums: Value[] = [];
    for (let g = 0; g < groups; g++)
      sums.push(this.float ? this.exact[g]!.serialize() : { unscaled: this.total(g), scale: this.scale });
    return [flat(countType!, this.counts.slice(0, groups)), fromValues(sumType!, sums)];
  }

  result(groups: number, type: SqlType): Vec {
    this.reach(groups);
    const out: Value[] = [];
    for (let g = 0; g < groups; g++) out.push(this.counts[g] === 0 ? null : this.finish(g, type));
    return fromValues(type, out);
  }

  private finish(group: number, type: SqlType): Value {
    const count = this.counts[group]!;
    if (this.float) {
      const width = type.kind === 'float4' ? 4 : 8;
      const sum = this.exact[group]!.round(width);
      return this.op === 'sum' ? sum : sum / count;
    }
    const sum: NumericValue = { unscaled: this.total(group), scale: this.scale };
    if (this.op === 'avg') {
      if (type.kind !== 'numeric') return Number(sum.unscaled) / 10 ** this.scale / count;
      return divideNumeric(sum, toNumeric(count));
    }
    if (type.kind === 'numeric') return sum;
    if (BigInt.asIntN(64, sum.unscaled) !== sum.unscaled)
      throw fail('numeric_value_out_of_range', 'bigint out of range');
    return sum.unscaled;
  }
}
