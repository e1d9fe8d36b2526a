// The float sum that does not depend on order: every addend goes exactly into a wide fixed-point number, rounded once at the end.
//
// A superaccumulator in the manner of R. Neal, "Fast exact summation using small and large superaccumulators" (2015), with
// 32-bit limbs held in doubles, so that 2^20 additions fit before carries must be passed on.
import { overflow } from './float.js';

const limbCount = 68;
/** Bit 0 of limb 0 is 2^-1074, the smallest subnormal. */
const lowestExponent = -1074;
const limbBase = 2 ** 32;
const additionsBeforeCarry = 1 << 20;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Positions of the two halves of a double in memory. */
float[0] = 1;
const [lowWord, highWord] = words[1] === 0 ? [1, 0] : [0, 1];

const sawPositiveInfinity = 1;
const sawNegativeInfinity = 2;
const sawNaN = 4;
const sawOtherThanNegativeZero = 8;
const negative = 16;
const sawAny = 32;

/** A running sum of doubles. Rounding is to nearest, ties to even, of the mathematically exact sum. */
export class ExactSum {
  readonly #limbs = new Float64Array(limbCount);
  #flags = 0;
  #pending = 0;
  #low = limbCount;
  #high = -1;

  get isEmpty(): boolean {
    return (this.#flags & sawAny) === 0;
  }

  reset(): void {
    if (this.#high >= 0) this.#limbs.fill(0, this.#low, Math.min(limbCount, this.#high + 1));
    this.#flags = 0;
    this.#pending = 0;
    this.#low = limbCount;
    this.#high = -1;
  }

  add(x: number): void {
    float[0] = x;
    const low = words[lowWord]!;
    const high = words[highWord]!;
    const biased = (high >>> 20) & 0x7ff;
    if (biased === 0x7ff) {
      this.#flags |=
        sawAny | sawOtherThanNegativeZero | (x > 0 ? sawPositiveInfinity : x < 0 ? sawNegativeInfinity : sawNaN);
      return;
    }
    this.#flags |= Object.is(x, -0) ? sawAny : sawAny | sawOtherThanNegativeZero;
    const top = biased === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
    const place = biased === 0 ? 0 : biased - 1;
    const limb = place >>> 5;
    const shift = place & 31;
    const limbs = this.#limbs;
    const part0 = (low << shift) >>> 0;
    // `>>> 32` is `>>> 0` in JavaScript, hence two steps.
    const part1 = ((top << shift) | ((low >>> 1) >>> (31 - shift))) >>> 0;
    const part2 = (top >>> 1) >>> (31 - shift);
    if (high >>> 31) {
      limbs[limb] = limbs[limb]! - part0;
      limbs[limb + 1] = limbs[limb + 1]! - part1;
      limbs[limb + 2] = limbs[limb + 2]! - part2;
    } else {
      limbs[limb] = limbs[limb]! + part0;
      limbs[limb + 1] = limbs[limb + 1]! + part1;
      limbs[limb + 2] = limbs[limb + 2]! + part2;
    }
    if (limb < this.#low) this.#low = limb;
    if (limb + 2 > this.#high) this.#high = limb + 2;
    if (++this.#pending === additionsBeforeCarry) this.#carry();
  }

  /**
   * Adds `values[0..n)` where `mask` is 1; gives how many. Two doubles, the running sum and what rounding took from it, hold most of it:
   * they are passed on to the limbs only where they would lose a bit.
   */
  addAll(values: ArrayLike<number>, n: number, mask: Uint8Array | undefined): number {
    let sum = 0;
    let lost = 0;
    let held = 0;
    let count = 0;
    for (let i = 0; i < n; i++) {
      if (mask && mask[i] === 0) continue;
      count++;
      const x = values[i]!;
      const next = sum + x;
      const part = next - sum;
      const error = sum - (next - part) + (x - part);
      const nextLost = lost + error;
      // Also false for NaN, infinities and overflow. A zero is added for its sign.
      if (x !== 0 && nextLost - lost === error && nextLost - error === lost) {
        sum = next;
        lost = nextLost;
        held = 1;
        continue;
      }
      if (held === 1) {
        this.add(sum);
        if (lost !== 0) this.add(lost);
        sum = 0;
        lost = 0;
        held = 0;
      }
      this.add(x);
    }
    if (held === 1) {
      // Never a lone -0: what is held came of values other than zero.
      this.add(sum + 0);
      if (lost !== 0) this.add(lost);
    }
    return count;
  }

  merge(other: ExactSum): void {
    this.#flags |= other.#flags;
    if (other.#high < 0) return;
    other.#carry();
    this.#carry();
    for (let i = other.#low; i <= other.#high; i++) this.#limbs[i] = this.#limbs[i]! + other.#limbs[i]!;
    this.#low = Math.min(this.#low, other.#low);
    this.#high = Math.max(this.#high, other.#high);
    this.#pending = 1;
  }

  /** Passes carries up: limbs below the top one come to lie in [0, 2^32), the top one keeps the sign. */
  #carry(): void {
    const limbs = this.#limbs;
    let i = this.#low;
    let carry = 0;
    for (; i < limbCount && (i <= this.#high || carry !== 0); i++) {
      const sum = limbs[i]! + carry;
      if (i >= this.#high && sum >= -limbBase / 2 && sum < limbBase / 2) {
        limbs[i] = sum;
        carry = 0;
        i++;
        break;
      }
      carry = Math.floor(sum / limbBase);
      limbs[i] = sum - carry * limbBase;
    }
    this.#high = Math.max(this.#high, i - 1);
    this.#pending = 0;
  }

  /** Sign and magnitude: leaves every limb in [0, 2^32) and says whether the sum is negative. */
  #magnitude(): { limbs: Float64Array; negative: boolean; low: number; high: number } {
    this.#carry();
    const limbs = this.#limbs.slice();
    const low = this.#low;
    let high = this.#high;
    const isNegative = high >= 0 && limbs[high]! < 0;
    if (isNegative) {
      let borrow = 0;
      for (let i = low; i <= high; i++) {
        const digit = -limbs[i]! - borrow;
        borrow = digit < 0 ? 1 : 0;
        limbs[i] = digit + borrow * limbBase;
      }
    }
    while (high >= 0 && limbs[high] === 0) high--;
    return { limbs, negative: isNegative, low, high };
  }

  /** The sum as a double, or to the width of a float4. Out of range: PostgreSQL's overflow error. NaN where infinities of both signs, or a NaN, went in. */
  round(width: 4 | 8 = 8): number {
    const flags = this.#flags;
    if (flags & sawNaN || (flags & sawPositiveInfinity && flags & sawNegativeInfinity)) return NaN;
    if (flags & sawPositiveInfinity) return Infinity;
    if (flags & sawNegativeInfinity) return -Infinity;
    if (flags === sawAny) return -0;
    if (this.#high < 0) return 0;
    const { limbs, negative: isNegative, low, high } = this.#magnitude();
    if (high < 0) return 0;
    const topBits = 32 - Math.clz32(limbs[high]!);
    const leading = high * 32 + topBits - 1;
    const precision = width === 8 ? 53 : 24;
    const smallest = width === 8 ? 0 : 925; // bit of 2^-149, the smallest float4
    const lowestKept = Math.max(leading - precision + 1, smallest);
    // 64 bits below the leading one as two halves are more than any precision; what is below counts as "something".
    let kept = 0n;
    for (let i = high; i >= high - 3; i--) kept = (kept << 32n) | BigInt(i >= 0 ? limbs[i]! : 0);
    const base = (high - 3) * 32;
    const dropped = BigInt(Math.max(0, lowestKept - base));
    let mantissa = kept >> dropped;
    const rest = kept - (mantissa << dropped);
    const half = dropped === 0n ? 0n : 1n << (dropped - 1n);
    let order = dropped === 0n ? -1 : rest > half ? 1 : rest === half ? 0 : -1;
    if (order === 0) for (let i = high - 4; i >= low; i--) if (limbs[i] !== 0) order = 1;
    if (order > 0 || (order === 0 && mantissa & 1n)) mantissa += 1n;
    const exponent = Math.max(lowestKept, base) + lowestExponent;
    const magnitude = scale(Number(mantissa), exponent);
    if (magnitude > (width === 8 ? Number.MAX_VALUE : 3.4028234663852886e38)) overflow();
    return isNegative ? -magnitude : magnitude;
  }

  /**
   * At most 275 bytes: flags, lowest limb, number of limbs, then the limbs of the magnitude, little-endian, from the first to the last that
   * is not 0: the same bytes for the same sum, however it came about.
   */
  serialize(): Uint8Array {
    const { limbs, negative: isNegative, low: lowest, high } = this.#magnitude();
    let low = lowest;
    while (low < high && limbs[low] === 0) low++;
    const first = high < 0 ? 0 : low;
    const count = high < 0 ? 0 : high - low + 1;
    const bytes = new Uint8Array(3 + 4 * count);
    bytes[0] = this.#flags | (isNegative ? negative : 0);
    bytes[1] = first;
    bytes[2] = count;
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < count; i++) view.setUint32(3 + 4 * i, limbs[first + i]!, true);
    return bytes;
  }

  /** Throws RangeError for bytes that {@link serialize} did not write. */
  static deserialize(bytes: Uint8Array): ExactSum {
    const [flags, first, count] = bytes;
    if (flags === undefined || first === undefined || count === undefined) throw new RangeError('exact sum: too short');
    if (first + count > limbCount || bytes.length !== 3 + 4 * count) throw new RangeError('exact sum: malformed');
    const sum = new ExactSum();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sign = flags & negative ? -1 : 1;
    for (let i = 0; i < count; i++) sum.#limbs[first + i] = sign * view.getUint32(3 + 4 * i, true);
    sum.#flags = flags & ~negative;
    if (count > 0) {
      sum.#low = first;
      sum.#high = first + count - 1;
    }
    sum.#pending = 1;
    return sum;
  }
}

/** `x * 2^exponent` where the product is exact or infinite. */
function scale(x: number, exponent: number): number {
  if (exponent > 971) return x * 2 ** 971 * 2 ** (exponent - 971);
  return exponent < -1022 ? x * 2 ** -1022 * 2 ** (exponent + 1022) : x * 2 ** exponent;
}

const shared = new ExactSum();

/**
 * The correctly rounded sum of `values[from..to)`. Short lists mostly need two doubles only: the running sum and the sum of what
 * rounding took from it; where that is not exact, the accumulator does it.
 */
export function exactSum(values: ArrayLike<number>, width: 4 | 8 = 8, from = 0, to = values.length): number {
  let sum = 0;
  let lost = 0;
  let exact = true;
  for (let i = from; i < to; i++) {
    const x = values[i]!;
    const next = sum + x;
    const part = next - sum;
    const error = sum - (next - part) + (x - part);
    const nextLost = lost + error;
    if (nextLost - lost !== error || nextLost - error !== lost) exact = false;
    sum = next;
    lost = nextLost;
  }
  const total = sum + lost;
  if (exact && total !== 0 && Math.abs(total) < 3e38 && (width === 8 || lost === 0))
    return width === 8 ? total : Math.fround(total);
  shared.reset();
  for (let i = from; i < to; i++) shared.add(values[i]!);
  return shared.round(width);
}
