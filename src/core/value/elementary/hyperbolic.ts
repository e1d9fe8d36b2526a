// Hyperbolic functions and their inverses, from exp, expm1, log and log1p (FDLIBM's e_sinh, e_cosh, s_tanh, s_asinh, e_acosh, e_atanh).
import { exp, expm1 } from './exponential.js';
import { log, log1p } from './logarithm.js';

const ln2 = Math.LN2;
/** The largest double whose exponential is one, roughly; beyond it sinh and cosh are computed from exp(x / 2). */
const expLimit = 709.78;
const overflowsAbove = 710.4758600739439;

export function sinh(x: number): number {
  const a = Math.abs(x);
  if (!(a < Infinity) || a < 2 ** -28) return x;
  const half = x < 0 ? -0.5 : 0.5;
  if (a < 22) {
    const t = expm1(a);
    return a < 1 ? half * (2 * t - (t * t) / (t + 1)) : half * (t + t / (t + 1));
  }
  return half * 2 * large(a);
}

export function cosh(x: number): number {
  const a = Math.abs(x);
  if (!(a < Infinity)) return a;
  if (a < 0.5 * ln2) {
    const t = expm1(a);
    const w = 1 + t;
    return a < 2 ** -55 ? w : 1 + (t * t) / (w + w);
  }
  if (a < 22) {
    const t = exp(a);
    return 0.5 * t + 0.5 / t;
  }
  return large(a);
}

/** exp(a) / 2. */
function large(a: number): number {
  if (a < expLimit) return 0.5 * exp(a);
  if (a > overflowsAbove) return Infinity;
  const w = exp(0.5 * a);
  return 0.5 * w * w;
}

export function tanh(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x) || a < 2 ** -28) return x;
  let z = 1;
  if (a < 22) {
    const t = expm1(a >= 1 ? 2 * a : -2 * a);
    z = a >= 1 ? 1 - 2 / (t + 2) : -t / (t + 2);
  }
  return x < 0 ? -z : z;
}

export function asinh(x: number): number {
  const a = Math.abs(x);
  if (!(a < Infinity) || a < 2 ** -28) return x;
  let w: number;
  if (a > 2 ** 28) w = log(a) + ln2;
  else if (a > 2) w = log(2 * a + 1 / (Math.sqrt(a * a + 1) + a));
  else {
    const t = a * a;
    w = log1p(a + t / (1 + Math.sqrt(1 + t)));
  }
  return x < 0 ? -w : w;
}

export function acosh(x: number): number {
  if (!(x >= 1)) return NaN;
  if (x >= 2 ** 28) return log(x) + ln2;
  if (x > 2) return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t = x - 1;
  return log1p(t + Math.sqrt(2 * t + t * t));
}

export function atanh(x: number): number {
  const a = Math.abs(x);
  if (a < 2 ** -28) return x;
  if (!(a <= 1)) return NaN;
  const t = a + a;
  const r = a < 0.5 ? 0.5 * log1p(t + (t * a) / (1 - a)) : 0.5 * log1p(t / (1 - a));
  return x < 0 ? -r : r;
}
