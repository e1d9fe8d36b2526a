// Three-valued logic over vectors of truth values.
import { types } from '../../core/index.js';
import { type FlatVec, flat, spread, type Vec } from './vec.js';

const bits = (vec: Vec, n: number): FlatVec => spread(vec, n) as FlatVec;

/** n-ary AND or OR: the deciding value wins over NULL, NULL over the other. */
export function logicalVecs(op: 'and' | 'or', args: readonly Vec[], n: number): Vec {
  const decides = op === 'and' ? 0 : 1;
  const first = bits(args[0]!, n);
  const out = Uint8Array.from(first.data);
  let valid = first.valid && Uint8Array.from(first.valid);
  for (const arg of args.slice(1)) {
    const next = bits(arg, n);
    const { data } = next;
    if (!valid && !next.valid) {
      if (op === 'and') for (let i = 0; i < n; i++) out[i] = out[i]! & data[i]!;
      else for (let i = 0; i < n; i++) out[i] = out[i]! | data[i]!;
      continue;
    }
    valid ??= new Uint8Array(n).fill(1);
    for (let i = 0; i < n; i++) {
      const known = valid[i] === 1;
      const nextKnown = !next.valid || next.valid[i] === 1;
      if ((known && out[i] === decides) || (nextKnown && data[i] === decides)) {
        out[i] = decides;
        valid[i] = 1;
      } else {
        out[i] = 1 - decides;
        valid[i] = known && nextKnown ? 1 : 0;
      }
    }
  }
  return flat(types.bool, out, valid);
}

export function notVec(arg: Vec, n: number): Vec {
  const { data, valid } = bits(arg, n);
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i++) out[i] = 1 - data[i]!;
  return flat(types.bool, out, valid);
}

export function isNullVec(arg: Vec, n: number): Vec {
  const out = new Uint8Array(n);
  if (arg.valid) for (let i = 0; i < n; i++) out[i] = 1 - arg.valid[arg.constant ? 0 : i]!;
  return flat(types.bool, out);
}
