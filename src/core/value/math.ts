// Elementary functions with PostgreSQL's domain and range errors.
import { fail } from '../diagnostic.js';
import * as elementary from './elementary/index.js';
import { overflow, rint, underflow } from './float.js';

function domain(): never {
  throw fail('numeric_value_out_of_range', 'input is out of range');
}

const logarithm = (f: (x: number) => number) => (x: number) => {
  if (x === 0) throw fail('invalid_argument_for_logarithm', 'cannot take logarithm of zero');
  if (x < 0) throw fail('invalid_argument_for_logarithm', 'cannot take logarithm of a negative number');
  return f(x);
};

const within = (f: (x: number) => number, low: number, high: number) => (x: number) =>
  x < low || x > high ? domain() : f(x);
const periodic = (f: (x: number) => number) => (x: number) => (Math.abs(x) === Infinity ? domain() : f(x));
const ranged = (f: (x: number) => number) => (x: number) => {
  const r = f(x);
  return Math.abs(r) === Infinity && Number.isFinite(x) ? overflow() : r;
};

export const mathFunctions = {
  sqrt: (x: number) => {
    if (x < 0) throw fail('invalid_argument_for_power_function', 'cannot take square root of a negative number');
    return Math.sqrt(x);
  },
  cbrt: elementary.cbrt,
  exp: (x: number) => {
    const r = elementary.exp(x);
    if (r === Infinity && x !== Infinity) overflow();
    return r === 0 && x !== -Infinity ? underflow() : r;
  },
  ln: logarithm(elementary.log),
  log10: logarithm(elementary.log10),
  log2: logarithm(elementary.log2),
  sin: periodic(elementary.sin),
  cos: periodic(elementary.cos),
  tan: periodic(elementary.tan),
  asin: within(elementary.asin, -1, 1),
  acos: within(elementary.acos, -1, 1),
  atan: elementary.atan,
  atan2: elementary.atan2,
  sinh: (x: number) => elementary.sinh(x),
  cosh: (x: number) => elementary.cosh(x),
  tanh: elementary.tanh,
  asinh: elementary.asinh,
  acosh: within(elementary.acosh, 1, Infinity),
  atanh: within(elementary.atanh, -1, 1),
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: rint,
  sign: (x: number) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  degrees: ranged((x) => x / 0.017453292519943295),
  radians: (x: number) => x * 0.017453292519943295,
} as const satisfies Record<string, ((x: number) => number) | ((x: number, y: number) => number)>;

export function power(x: number, y: number): number {
  if (x === 0 && y < 0)
    throw fail('invalid_argument_for_power_function', 'zero raised to a negative power is undefined');
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && y !== Math.floor(y))
    throw fail(
      'invalid_argument_for_power_function',
      'a negative number raised to a non-integer power yields a complex result',
    );
  if (x === 1 || y === 0) return 1;
  if (x === -1 && Math.abs(y) === Infinity) return 1;
  const r = elementary.pow(x, y);
  if (Math.abs(r) === Infinity && Number.isFinite(x) && Number.isFinite(y)) overflow();
  return r === 0 && x !== 0 && Number.isFinite(x) && Number.isFinite(y) ? underflow() : r;
}

const pi = Math.PI;

/** Difference of two azimuths, brought into [-pi, pi) as awkward-array's vector does: `(a - b + pi) mod 2 pi - pi`. */
export function deltaPhi(a: number, b: number): number {
  const turn = 2 * pi;
  const shifted = a - b + pi;
  return shifted - Math.floor(shifted / turn) * turn - pi;
}

/** `sqrt(deta^2 + dphi^2)`. */
export function deltaR(eta1: number, phi1: number, eta2: number, phi2: number): number {
  const eta = eta1 - eta2;
  const phi = deltaPhi(phi1, phi2);
  return Math.sqrt(eta * eta + phi * phi);
}

/** Mass of a sum of particles given as pt, eta, phi, mass, four numbers each, in the units of pt and mass. */
export function invariantMass(momenta: readonly number[]): number {
  let px = 0;
  let py = 0;
  let pz = 0;
  let energy = 0;
  for (let i = 0; i + 3 < momenta.length; i += 4) {
    const [pt, eta, phi, mass] = momenta.slice(i, i + 4) as [number, number, number, number];
    const x = pt * mathFunctions.cos(phi);
    const y = pt * mathFunctions.sin(phi);
    const z = pt * mathFunctions.sinh(eta);
    px += x;
    py += y;
    pz += z;
    energy += Math.sqrt(x * x + y * y + z * z + mass * mass);
  }
  const squared = energy * energy - (px * px + py * py + pz * pz);
  return squared > 0 || Number.isNaN(squared) ? Math.sqrt(squared) : 0;
}
