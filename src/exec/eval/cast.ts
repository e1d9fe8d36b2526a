// Casts of vectors: numbers by loops, the rest value by value.
import {
  castValue,
  integerRanges,
  isFloatType,
  isIntegerType,
  rint,
  type SqlType,
  type Value,
} from '../../core/index.js';
import { allocate, flat, fromValues, type Vec, valueAt, withType } from './vec.js';

/** Whole numbers in doubles are exact up to here. */
const safe = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

/** `attempt`: NULL instead of an error. */
export function castVec(vec: Vec, to: SqlType, n: number, explicit: boolean, attempt: boolean): Vec {
  const from = vec.type;
  if (from.kind === to.kind && from.kind !== 'list' && from.kind !== 'numeric') {
    if (!('length' in to) || to.length === undefined) return withType(vec, to);
  }
  if (vec.form === 'list' && to.kind === 'list')
    return { ...vec, type: to, child: castVec(vec.child, to.element, vec.child.n, explicit, attempt) };
  const numbers = (isIntegerType(from) || isFloatType(from)) && vec.form === 'flat';
  if (numbers && (isIntegerType(to) || isFloatType(to))) {
    const cast = castNumbers(vec, to, n);
    if (cast) return cast;
  }
  const values: Value[] = [];
  for (let i = 0; i < n; i++) values.push(castValue(valueAt(vec, i), from, to, { explicit, attempt }));
  return fromValues(to, values);
}

/** `undefined` where a value does not fit: the slow way says which, and how. */
function castNumbers(vec: Extract<Vec, { form: 'flat' }>, to: SqlType, n: number): Vec | undefined {
  const { data, valid } = vec;
  const out = allocate(to, n);
  const fromFloat = isFloatType(vec.type);
  if (!isIntegerType(to)) {
    for (let i = 0; i < n; i++) out[i] = data[i]!;
    if (to.kind === 'float4' && vec.type.kind === 'float8')
      for (let i = 0; i < n; i++)
        if ((out[i] === 0 && data[i] !== 0) || (Math.abs(out[i]!) === Infinity && Math.abs(data[i]!) !== Infinity))
          return undefined;
    return flat(to, out, valid);
  }
  const range = integerRanges[to.kind];
  const low = Math.max(Number(range[0]), safe[0]);
  const high = Math.min(Number(range[1]), safe[1]);
  let bad = 0;
  for (let i = 0; i < n; i++) {
    const x = fromFloat ? rint(data[i]!) + 0 : data[i]!;
    out[i] = x;
    if (!(x >= low && x <= high)) bad = 1;
  }
  return bad ? undefined : flat(to, out, valid);
}
