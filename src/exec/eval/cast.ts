// Casts of vectors: numbers by loops, the rest value by value.
import { castValue, rint, type SqlType, type Value } from '../../core/index.js';
import { allocate, flat, fromValues, type Vec, valueAt, withType } from './vec.js';

const bounds: Partial<Record<SqlType['kind'], readonly [number, number]>> = {
  int1: [-128, 127],
  uint1: [0, 255],
  int2: [-32768, 32767],
  uint2: [0, 65535],
  int4: [-2147483648, 2147483647],
  uint4: [0, 4294967295],
};
const integerKinds = new Set<SqlType['kind']>(['int1', 'int2', 'int4', 'int8', 'uint1', 'uint2', 'uint4', 'uint8']);
const floatKinds = new Set<SqlType['kind']>(['float4', 'float8']);

/** `attempt`: NULL instead of an error. */
export function castVec(vec: Vec, to: SqlType, n: number, explicit: boolean, attempt: boolean): Vec {
  const from = vec.type;
  if (from.kind === to.kind && from.kind !== 'list' && from.kind !== 'numeric') {
    const length = to.kind === 'varchar' || to.kind === 'char' ? to.length : undefined;
    if (length === undefined) return withType(vec, to);
  }
  if (vec.form === 'list' && to.kind === 'list')
    return { ...vec, type: to, child: castVec(vec.child, to.element, vec.child.n, explicit, attempt) };
  const numbers = (integerKinds.has(from.kind) || floatKinds.has(from.kind)) && vec.form === 'flat';
  if (numbers && (integerKinds.has(to.kind) || floatKinds.has(to.kind))) {
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
  const fromFloat = floatKinds.has(vec.type.kind);
  if (floatKinds.has(to.kind)) {
    for (let i = 0; i < n; i++) out[i] = data[i]!;
    if (to.kind === 'float4' && vec.type.kind === 'float8')
      for (let i = 0; i < n; i++)
        if ((out[i] === 0 && data[i] !== 0) || (Math.abs(out[i]!) === Infinity && Math.abs(data[i]!) !== Infinity))
          return undefined;
    return flat(to, out, valid);
  }
  const [low, high] = bounds[to.kind] ?? [to.kind === 'uint8' ? 0 : Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  let bad = 0;
  for (let i = 0; i < n; i++) {
    const x = fromFloat ? rint(data[i]!) + 0 : data[i]!;
    out[i] = x;
    if (!(x >= low && x <= high)) bad = 1;
  }
  return bad ? undefined : flat(to, out, valid);
}
