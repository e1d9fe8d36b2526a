// Logarithms: x = 2^k (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2), then log(1 + f) = 2 atanh(f / (2 + f)) by a polynomial (FDLIBM's e_log and
// s_log1p; FreeBSD's e_log2 and e_log10, which carry the logarithm of 1 + f in two parts).
import { highWord, truncated, withHighWord } from './words.js';

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const l1 = 0.6666666666666735;
const l2 = 0.3999999999940942;
const l3 = 0.2857142874366239;
const l4 = 0.22222198432149784;
const l5 = 0.1818357216161805;
const l6 = 0.15313837699209373;
const l7 = 0.14798198605116586;

/** What the series gives beyond its first term, in z = (f / (2 + f))^2. */
function series(z: number): number {
  const w = z * z;
  return z * (l1 + w * (l3 + w * (l5 + w * l7))) + w * (l2 + w * (l4 + w * l6));
}

export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let k = 0;
  let y = x;
  if (x < 2 ** -1022) {
    k = -54;
    y = x * 2 ** 54;
  }
  let word = highWord(y);
  k += (word >> 20) - 1023;
  word &= 0xfffff;
  const up = (word + 0x95f64) & 0x100000;
  y = withHighWord(y, word | (up ^ 0x3ff00000));
  k += up >> 20;
  const f = y - 1;
  if ((0xfffff & (2 + word)) < 3) {
    // |f| < 2^-20
    if (f === 0) return k === 0 ? 0 : k * ln2High + k * ln2Low;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * ln2High - (r - k * ln2Low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r = z * (l1 + w * (l3 + w * (l5 + w * l7))) + w * (l2 + w * (l4 + w * l6));
  if (((word - 0x6147a) | (0x6b851 - word)) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + r)) : k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
  }
  return k === 0 ? f - s * (f - r) : k * ln2High - (s * (f - r) - k * ln2Low - f);
}

/** log(1 + x), exact near 0. */
export function log1p(x: number): number {
  const word = highWord(x);
  const size = word & 0x7fffffff;
  if (x < -1 || Number.isNaN(x)) return NaN;
  if (x === -1) return -Infinity;
  if (x === Infinity) return x;
  let k = 1;
  let f = 0;
  let c = 0;
  let top = 1;
  if (word < 0x3fda827a) {
    if (size < 0x3e200000) return size < 0x3c900000 ? x : x - x * x * 0.5;
    // -0.2929 < x < 0.41422; negative numbers compare by size, as integers.
    if (word > 0 || word <= (0xbfd2bec4 | 0)) {
      k = 0;
      f = x;
    }
  }
  if (k !== 0) {
    let u = x;
    if (word < 0x43400000) {
      u = 1 + x;
      top = highWord(u);
      k = (top >> 20) - 1023;
      c = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    } else {
      top = highWord(u);
      k = (top >> 20) - 1023;
    }
    top &= 0xfffff;
    if (top < 0x6a09e) u = withHighWord(u, top | 0x3ff00000);
    else {
      k += 1;
      u = withHighWord(u, top | 0x3fe00000);
      top = (0x100000 - top) >> 2;
    }
    f = u - 1;
  }
  const half = 0.5 * f * f;
  if (top === 0) {
    if (f === 0) return k === 0 ? 0 : k * ln2High + (c + k * ln2Low);
    const r = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - r : k * ln2High - (r - (k * ln2Low + c) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const r = z * (l1 + z * (l2 + z * (l3 + z * (l4 + z * (l5 + z * (l6 + z * l7))))));
  return k === 0 ? f - (half - s * (half + r)) : k * ln2High - (half - (s * (half + r) + (k * ln2Low + c)) - f);
}

/** The logarithm of 1 + f in two parts, times 1 / ln(base) in two parts, plus k times log(2) in two parts. */
function inBase(x: number, inverseHigh: number, inverseLow: number, log2High: number, log2Low: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  if (x === 1) return 0;
  let k = 0;
  let y = x;
  if (x < 2 ** -1022) {
    k = -54;
    y = x * 2 ** 54;
  }
  let word = highWord(y);
  k += (word >> 20) - 1023;
  word &= 0xfffff;
  const up = (word + 0x95f64) & 0x100000;
  y = withHighWord(y, word | (up ^ 0x3ff00000));
  k += up >> 20;
  const f = y - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const r = s * (half + series(s * s));
  const high = truncated(f - half);
  const low = f - high - half + r;
  const whole = k * log2High;
  const part = high * inverseHigh;
  const sum = whole + part;
  const rest = k * log2Low + (low + high) * inverseLow + low * inverseHigh + (whole - sum + part);
  return rest + sum;
}

export function log2(x: number): number {
  return inBase(x, 1.4426950407214463, 1.6751713164886512e-10, 1, 0);
}

export function log10(x: number): number {
  return inBase(x, 0.4342944818781689, 2.5082946711645275e-11, 0.30102999566361177, 3.694239077158931e-13);
}
