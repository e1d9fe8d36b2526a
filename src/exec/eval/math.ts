// float8 mathematics on vectors, with PostgreSQL's errors.
import { fail, type Opcode, rint, types } from '../../core/index.js';
import { bothValid, flat, type Vec } from './vec.js';

const overflow = () => fail('numeric_value_out_of_range', 'value out of range: overflow');
const outOfRange = () => fail('numeric_value_out_of_range', 'input is out of range');

/** An infinite result of a finite input is an overflow, a zero of `underflows` an underflow. */
function bounded(f: (x: number) => number): (x: number) => number {
  return (x) => {
    const r = f(x);
    if (Math.abs(r) === Infinity && Math.abs(x) !== Infinity) throw overflow();
    return r;
  };
}

function within(f: (x: number) => number, low: number, high: number): (x: number) => number {
  return (x) => {
    if (x < low || x > high) throw outOfRange();
    return f(x);
  };
}

function finiteOnly(f: (x: number) => number): (x: number) => number {
  return (x) => {
    if (Math.abs(x) === Infinity) throw outOfRange();
    return f(x);
  };
}

function logarithm(f: (x: number) => number): (x: number) => number {
  return (x) => {
    if (x === 0) throw fail('invalid_argument_for_logarithm', 'cannot take logarithm of zero');
    if (x < 0) throw fail('invalid_argument_for_logarithm', 'cannot take logarithm of a negative number');
    return f(x);
  };
}

function exponential(x: number): number {
  const r = Math.exp(x);
  if (r === Infinity && x !== Infinity) throw overflow();
  if (r === 0 && x !== -Infinity) throw fail('numeric_value_out_of_range', 'value out of range: underflow');
  return r;
}

const unary: Partial<Record<Opcode, (x: number) => number>> = {
  sqrt: (x) => {
    if (x < 0) throw fail('invalid_argument_for_power_function', 'cannot take square root of a negative number');
    return Math.sqrt(x);
  },
  cbrt: Math.cbrt,
  exp: exponential,
  ln: logarithm(Math.log),
  log10: logarithm(Math.log10),
  log2: logarithm(Math.log2),
  sin: finiteOnly(Math.sin),
  cos: finiteOnly(Math.cos),
  tan: finiteOnly(Math.tan),
  asin: within(Math.asin, -1, 1),
  acos: within(Math.acos, -1, 1),
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: within(Math.acosh, 1, Infinity),
  atanh: within(Math.atanh, -1, 1),
  floor: Math.floor,
  ceil: Math.ceil,
  round: rint,
  trunc: Math.trunc,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : x),
  degrees: bounded((x) => x / 0.017453292519943295),
  radians: (x) => x * 0.017453292519943295,
};

function power(x: number, y: number): number {
  if (x === 0 && y < 0)
    throw fail('invalid_argument_for_power_function', 'zero raised to a negative power is undefined');
  if (x < 0 && Math.abs(y) < Infinity && !Number.isInteger(y))
    throw fail(
      'invalid_argument_for_power_function',
      'a negative number raised to a non-integer power yields a complex result',
    );
  // 1 to any power, and any power of zero, is 1, NaN included.
  if (x === 1 || y === 0) return 1;
  const r = x === -1 && Math.abs(y) === Infinity ? 1 : x ** y;
  if (Math.abs(x) < Infinity && Math.abs(y) < Infinity) {
    if (Math.abs(r) === Infinity) throw overflow();
    if (r === 0 && x !== 0) throw fail('numeric_value_out_of_range', 'value out of range: underflow');
  }
  return r;
}

const binary: Partial<Record<Opcode, (x: number, y: number) => number>> = {
  pow: power,
  atan2: Math.atan2,
  hypot: (x, y) => {
    const r = Math.hypot(x, y);
    if (r === Infinity && Math.abs(x) !== Infinity && Math.abs(y) !== Infinity) throw overflow();
    return r;
  },
};

export function mathVec(op: Opcode, args: readonly Vec[], n: number): Vec {
  const [a, b] = args as [Vec, Vec | undefined];
  if (a.form !== 'flat') throw new Error('floats are flat');
  const out = new Float64Array(n);
  const valid = b ? bothValid(a, b, n) : a.valid;
  const x = a.data;
  const ma = a.constant ? 0 : -1;
  if (b) {
    const f = binary[op];
    if (!f || b.form !== 'flat') throw new Error(`no operation ${op}`);
    const y = b.data;
    const mb = b.constant ? 0 : -1;
    for (let i = 0; i < n; i++) if (!valid || valid[i] === 1) out[i] = f(x[i & ma]!, y[i & mb]!);
    return flat(types.float8, out, valid);
  }
  const f = unary[op];
  if (!f) throw new Error(`no operation ${op}`);
  for (let i = 0; i < n; i++) if (!valid || valid[i] === 1) out[i] = f(x[i & ma]!);
  return flat(types.float8, out, valid);
}

export function floatTestVec(op: 'is_nan' | 'is_inf' | 'is_finite', a: Vec, n: number): Vec {
  if (a.form !== 'flat') throw new Error('floats are flat');
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const x = a.data[a.constant ? 0 : i]!;
    const yes = op === 'is_nan' ? Number.isNaN(x) : op === 'is_inf' ? Math.abs(x) === Infinity : Number.isFinite(x);
    out[i] = yes ? 1 : 0;
  }
  return flat(types.bool, out, a.valid);
}
