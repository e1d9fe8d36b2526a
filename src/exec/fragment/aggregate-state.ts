// Running aggregates per group: filled by a fragment from values, by the merge from other fragments' states. Exact, so that neither
// order nor partitioning changes a result.
import {
  type AggregateOpcode,
  compareValues,
  decimalShape,
  divideNumeric,
  ExactSum,
  fail,
  type NumericValue,
  roundNumeric,
  type SqlType,
  stateTypes,
  toNumeric,
  type Value,
} from '../../core/index.js';
import { fromValues, type Vec, valueAt } from '../eval/vec.js';

export interface AggregateState {
  /** One value for each position, into the group of that position; positions where `keep` is not true are left out. */
  update(value: Vec | undefined, groups: Int32Array, keep: Uint8Array | undefined): void;
  /** The states of another partition's groups. */
  merge(states: readonly Vec[], groups: Int32Array): void;
  /** The columns of {@link stateTypes}, for groups 0 to `groups` - 1. */
  states(groups: number): Vec[];
  result(groups: number, type: SqlType): Vec;
}

export function makeState(op: AggregateOpcode, arg: SqlType | undefined): AggregateState {
  switch (op) {
    case 'count_star':
    case 'count':
      return new CountState();
    case 'sum':
    case 'avg':
      return new SumState(op, arg!);
    case 'min':
    case 'max':
      return new ExtremeState(op, arg!);
    case 'bool_and':
    case 'bool_or':
      return new ExtremeState(op === 'bool_and' ? 'min' : 'max', arg!);
  }
}

/** Positions that count: kept, and not NULL. */
function counts(value: Vec | undefined, keep: Uint8Array | undefined, i: number): boolean {
  if (keep && keep[i] === 0) return false;
  return !value?.valid || value.valid[value.constant ? 0 : i] === 1;
}

const int8 = stateTypes('count_star', undefined)![0]!;

class CountState implements AggregateState {
  private readonly counts: number[] = [];

  update(value: Vec | undefined, groups: Int32Array, keep: Uint8Array | undefined): void {
    for (let i = 0; i < groups.length; i++)
      if (counts(value, keep, i)) this.counts[groups[i]!] = (this.counts[groups[i]!] ?? 0) + 1;
  }
  merge([state]: readonly Vec[], groups: Int32Array): void {
    for (let i = 0; i < groups.length; i++)
      this.counts[groups[i]!] = (this.counts[groups[i]!] ?? 0) + Number(valueAt(state!, i));
  }
  states(groups: number): Vec[] {
    return [this.result(groups, int8)];
  }
  result(groups: number, type: SqlType): Vec {
    return fromValues(
      type,
      Array.from({ length: groups }, (_, g) => BigInt(this.counts[g] ?? 0)),
    );
  }
}

/** Sums of integers in bigints, fed through doubles while they are exact; sums of floats in exact accumulators. */
class SumState implements AggregateState {
  private readonly counts: number[] = [];
  private readonly small: number[] = [];
  private readonly large: bigint[] = [];
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

  private touch(group: number): void {
    if (this.counts[group] !== undefined) return;
    for (let g = this.counts.length; g <= group; g++) {
      this.counts[g] = 0;
      this.small[g] = 0;
      this.large[g] = 0n;
      if (this.float) this.exact[g] = new ExactSum();
    }
  }

  update(value: Vec | undefined, groups: Int32Array, keep: Uint8Array | undefined): void {
    const vec = value!;
    for (let i = 0; i < groups.length; i++) {
      if (!counts(vec, keep, i)) continue;
      const group = groups[i]!;
      this.touch(group);
      this.counts[group]!++;
      if (vec.form === 'flat') {
        const x = vec.data[vec.constant ? 0 : i]!;
        if (this.float) this.exact[group]!.add(x);
        else this.addSafe(group, x);
      } else this.large[group]! += this.unscaled(valueAt(vec, i));
    }
  }

  private addSafe(group: number, x: number): void {
    const sum = this.small[group]! + x;
    if (Math.abs(sum) <= Number.MAX_SAFE_INTEGER) this.small[group] = sum;
    else {
      this.large[group]! += BigInt(this.small[group]!) + BigInt(x);
      this.small[group] = 0;
    }
  }

  private unscaled(value: Value): bigint {
    if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value);
    const numeric = value as NumericValue;
    if (numeric.special) throw fail('numeric_value_out_of_range', `cannot sum ${numeric.special}`);
    return numeric.unscaled * 10n ** BigInt(this.scale - numeric.scale);
  }

  merge([count, sum]: readonly Vec[], groups: Int32Array): void {
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i]!;
      this.touch(group);
      this.counts[group]! += Number(valueAt(count!, i));
      const state = valueAt(sum!, i);
      if (this.float) this.exact[group]!.merge(ExactSum.deserialize(state as Uint8Array));
      else this.large[group]! += (state as NumericValue).unscaled;
    }
  }

  private total(group: number): bigint {
    return this.large[group]! + BigInt(this.small[group]!);
  }

  states(groups: number): Vec[] {
    const [countType, sumType] = stateTypes(this.op, this.arg)!;
    if (groups > 0) this.touch(groups - 1);
    const sums: Value[] = [];
    for (let g = 0; g < groups; g++)
      sums.push(this.float ? this.exact[g]!.serialize() : { unscaled: this.total(g), scale: this.scale });
    return [
      fromValues(
        countType!,
        this.counts.slice(0, groups).map((n) => BigInt(n)),
      ),
      fromValues(sumType!, sums),
    ];
  }

  result(groups: number, type: SqlType): Vec {
    if (groups > 0) this.touch(groups - 1);
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
      const { scale } = decimalShape(type);
      return roundNumeric(divideNumeric(sum, toNumeric(count)), scale);
    }
    if (type.kind === 'numeric') return sum;
    if (BigInt.asIntN(64, sum.unscaled) !== sum.unscaled)
      throw fail('numeric_value_out_of_range', 'bigint out of range');
    return sum.unscaled;
  }
}

class ExtremeState implements AggregateState {
  private readonly best: Value[] = [];

  constructor(
    private readonly op: 'min' | 'max',
    private readonly arg: SqlType,
  ) {}

  update(value: Vec | undefined, groups: Int32Array, keep: Uint8Array | undefined): void {
    const vec = value!;
    for (let i = 0; i < groups.length; i++) if (counts(vec, keep, i)) this.offer(groups[i]!, valueAt(vec, i));
  }
  private offer(group: number, value: Value): void {
    const best = this.best[group] ?? null;
    if (value === null) return;
    if (best === null) this.best[group] = value;
    else {
      const order = compareValues(value, best, this.arg);
      if (this.op === 'min' ? order < 0 : order > 0) this.best[group] = value;
    }
  }
  merge([state]: readonly Vec[], groups: Int32Array): void {
    for (let i = 0; i < groups.length; i++) this.offer(groups[i]!, valueAt(state!, i));
  }
  states(groups: number): Vec[] {
    return [this.result(groups, this.arg)];
  }
  result(groups: number, type: SqlType): Vec {
    return fromValues(
      type,
      Array.from({ length: groups }, (_, g) => this.best[g] ?? null),
    );
  }
}
