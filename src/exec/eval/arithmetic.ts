// Arithmetic on vectors with PostgreSQL's errors: the loops note that something went wrong, a second look finds what.
import { divisionByZero, fail, float4, float8, int2, int4, int8, type SqlType, type Value } from '../../core/index.js';
import { allocate, bothValid, type FlatArray, flat, fromValues, type Vec, valueAt } from './vec.js';

export type BinaryArithmetic = 'add' | 'sub' | 'mul' | 'div' | 'mod';

/** A constant operand is read at position 0 by masking. */
const mask = (vec: Vec): number => (vec.constant ? 0 : -1);

export function arithmeticVecs(op: BinaryArithmetic, a: Vec, b: Vec, type: SqlType, n: number): Vec {
  const valid = bothValid(a, b, n);
  if (a.form !== 'flat' || b.form !== 'flat') return bigArithmetic(op, a, b, type, n);
  const out = allocate(type, n);
  const float = type.kind === 'float4' || type.kind === 'float8';
  const ok = float ? floatLoop(op, a, b, out, n) : integerLoop(op, a, b, out, n, limitOf(type));
  if (ok) return flat(type, out, valid);
  if (!float && type.kind === 'int8') return bigArithmetic(op, a, b, type, n);
  // Raises the error of the first valid row that has one; positions under a NULL may hold anything.
  const exact = float ? (type.kind === 'float4' ? float4 : float8) : undefined;
  for (let i = 0; i < n; i++) {
    if (valid && valid[i] === 0) continue;
    const x = a.data[i & mask(a)]!;
    const y = b.data[i & mask(b)]!;
    if (exact) floatCheck(exact, op, x, y);
    else out[i] = integerCheck(op, x, y, type);
  }
  return flat(type, out, valid);
}

function limitOf(type: SqlType): number {
  return type.kind === 'int2' ? 32767 : type.kind === 'int4' ? 2147483647 : Number.MAX_SAFE_INTEGER;
}

type Flat = Extract<Vec, { form: 'flat' }>;

/** `false` where some position overflowed, underflowed or divided by zero. */
function floatLoop(op: BinaryArithmetic, a: Flat, b: Flat, out: FlatArray, n: number): boolean {
  const x = a.data;
  const y = b.data;
  const ma = mask(a);
  const mb = mask(b);
  let bad = 0;
  switch (op) {
    case 'add':
      for (let i = 0; i < n; i++) {
        out[i] = x[i & ma]! + y[i & mb]!;
        if (!(Math.abs(out[i]!) < Infinity)) bad = 1;
      }
      break;
    case 'sub':
      for (let i = 0; i < n; i++) {
        out[i] = x[i & ma]! - y[i & mb]!;
        if (!(Math.abs(out[i]!) < Infinity)) bad = 1;
      }
      break;
    case 'mul':
      for (let i = 0; i < n; i++) {
        out[i] = x[i & ma]! * y[i & mb]!;
        if (out[i] === 0 || !(Math.abs(out[i]!) < Infinity)) bad = 1;
      }
      break;
    default:
      for (let i = 0; i < n; i++) {
        out[i] = x[i & ma]! / y[i & mb]!;
        if (out[i] === 0 || !(Math.abs(out[i]!) < Infinity)) bad = 1;
      }
  }
  return bad === 0;
}

function floatCheck(exact: typeof float8, op: BinaryArithmetic, x: number, y: number): void {
  if (op === 'add') exact.add(x, y);
  else if (op === 'sub') exact.subtract(x, y);
  else if (op === 'mul') exact.multiply(x, y);
  else exact.divide(x, y);
}

/** Integers in doubles; beyond ±limit (or -limit - 1, checked in the second look) the row is looked at again. */
function integerLoop(op: BinaryArithmetic, a: Flat, b: Flat, out: FlatArray, n: number, limit: number): boolean {
  const x = a.data;
  const y = b.data;
  const ma = mask(a);
  const mb = mask(b);
  let bad = 0;
  switch (op) {
    case 'add':
      for (let i = 0; i < n; i++) {
        const r = x[i & ma]! + y[i & mb]!;
        out[i] = r;
        if (r > limit || r < -limit) bad = 1;
      }
      break;
    case 'sub':
      for (let i = 0; i < n; i++) {
        const r = x[i & ma]! - y[i & mb]!;
        out[i] = r;
        if (r > limit || r < -limit) bad = 1;
      }
      break;
    case 'mul':
      for (let i = 0; i < n; i++) {
        // A product with zero may be -0.
        const r = x[i & ma]! * y[i & mb]! + 0;
        out[i] = r;
        if (r > limit || r < -limit) bad = 1;
      }
      break;
    case 'div':
      for (let i = 0; i < n; i++) {
        const p = x[i & ma]!;
        const q = y[i & mb]!;
        const r = (p - (p % q)) / q + 0;
        out[i] = r;
        if (q === 0 || r > limit || r < -limit) bad = 1;
      }
      break;
    case 'mod':
      for (let i = 0; i < n; i++) {
        const q = y[i & mb]!;
        out[i] = (x[i & ma]! % q) + 0;
        if (q === 0) bad = 1;
      }
  }
  return bad === 0;
}

function integerCheck(op: BinaryArithmetic, x: number, y: number, type: SqlType): number {
  if ((op === 'div' || op === 'mod') && y === 0) divisionByZero();
  const r =
    op === 'add' ? x + y : op === 'sub' ? x - y : op === 'mul' ? x * y : op === 'div' ? Math.trunc(x / y) : x % y;
  return (type.kind === 'int2' ? int2(r) : int4(r)) + 0;
}

/** 8-byte integers that leave, or do not fit, the doubles. */
function bigArithmetic(op: BinaryArithmetic, a: Vec, b: Vec, type: SqlType, n: number): Vec {
  const values: Value[] = new Array(n);
  for (let i = 0; i < n; i++) {
    const p = valueAt(a, i);
    const q = valueAt(b, i);
    if (p === null || q === null) {
      values[i] = null;
      continue;
    }
    const x = BigInt(p as bigint);
    const y = BigInt(q as bigint);
    if ((op === 'div' || op === 'mod') && y === 0n) divisionByZero();
    values[i] = int8(op === 'add' ? x + y : op === 'sub' ? x - y : op === 'mul' ? x * y : op === 'div' ? x / y : x % y);
  }
  return fromValues(type, values);
}

/** `neg`, `abs`: only the smallest integer has no opposite. */
export function signVec(op: 'neg' | 'abs', a: Vec, type: SqlType, n: number): Vec {
  if (a.form !== 'flat') {
    const values: Value[] = [];
    for (let i = 0; i < n; i++) {
      const value = valueAt(a, i) as bigint | null;
      values.push(value === null ? null : int8(op === 'neg' || value < 0n ? -value : value));
    }
    return fromValues(type, values);
  }
  const out = allocate(type, n);
  const x = a.data;
  const float = type.kind === 'float4' || type.kind === 'float8';
  const zero = float ? -0 : 0;
  if (op === 'neg') for (let i = 0; i < n; i++) out[i] = float ? -x[i]! : zero - x[i]!;
  else for (let i = 0; i < n; i++) out[i] = Math.abs(x[i]!);
  const least = type.kind === 'int2' ? -32768 : type.kind === 'int4' ? -2147483648 : undefined;
  if (least !== undefined && op !== undefined)
    for (let i = 0; i < n; i++)
      if (x[i] === least && (!a.valid || a.valid[i] === 1))
        throw fail(
          'numeric_value_out_of_range',
          type.kind === 'int2' ? 'smallint out of range' : 'integer out of range',
        );
  return flat(type, out, a.valid);
}

export function bitwiseVecs(
  op: 'bit_and' | 'bit_or' | 'bit_xor' | 'bit_not',
  args: readonly Vec[],
  type: SqlType,
  n: number,
): Vec {
  const values: Value[] = [];
  for (let i = 0; i < n; i++) {
    const p = valueAt(args[0]!, i);
    const q = args[1] ? valueAt(args[1], i) : 0;
    if (p === null || q === null) {
      values.push(null);
      continue;
    }
    const x = BigInt(p as bigint);
    const y = BigInt(q as bigint);
    const r = op === 'bit_and' ? x & y : op === 'bit_or' ? x | y : op === 'bit_xor' ? x ^ y : ~x;
    values.push(type.kind === 'int8' ? r : Number(r));
  }
  return fromValues(type, values);
}
