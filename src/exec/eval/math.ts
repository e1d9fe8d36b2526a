// float8 mathematics on vectors, with PostgreSQL's errors.
import { mathFunctions, type Opcode, power, types } from '../../core/index.js';
import { bothValid, flat, type Vec } from './vec.js';

const named = mathFunctions as Readonly<Record<string, (x: number, y: number) => number>>;

export function mathVec(op: Opcode, args: readonly Vec[], n: number): Vec {
  const [a, b] = args as [Vec, Vec | undefined];
  if (a.form !== 'flat') throw new Error('floats are flat');
  const out = new Float64Array(n);
  const valid = b ? bothValid(a, b, n) : a.valid;
  const x = a.data;
  const ma = a.constant ? 0 : -1;
  if (b) {
    const f = op === 'pow' ? power : named[op];
    if (!f || b.form !== 'flat') throw new Error(`no operation ${op}`);
    const y = b.data;
    const mb = b.constant ? 0 : -1;
    for (let i = 0; i < n; i++) if (!valid || valid[i] === 1) out[i] = f(x[i & ma]!, y[i & mb]!);
    return flat(types.float8, out, valid);
  }
  const f = named[op] as ((x: number) => number) | undefined;
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
