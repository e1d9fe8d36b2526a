// The columns that carry a partial aggregate's state from a fragment to the merge.
import { isDecimal, listOf, type SqlType, type TypeKind, types } from '../sql-type.js';
import type { AggregateOpcode } from './fragment.js';
import { comparable } from './opcodes.js';

const integers: ReadonlySet<TypeKind> = new Set(['int2', 'int4', 'int8']);

/** A 128-bit two's complement integer, little-endian. */
const int128: SqlType = { kind: 'numeric', precision: 38, scale: 0 };

/**
 * State of one aggregate, per group: `count` an int8; `min`, `max`, `bool_and`, `bool_or` the value, NULL before the first;
 * `sum` and `avg` a count of values and their exact sum: a 128-bit integer (for numeric, of its unscaled values) or, for floats,
 * an exact accumulator in bytes ({@link ExactSum.serialize}); `hist` a list of int8, one per bin, NULL before the first value. `undefined` where the aggregate does not take the type.
 */
export function stateTypes(op: AggregateOpcode, arg: SqlType | undefined): readonly SqlType[] | undefined {
  if (op === 'count_star') return arg ? undefined : [types.int8];
  if (!arg) return undefined;
  switch (op) {
    case 'count':
      return [types.int8];
    case 'min':
    case 'max':
      return comparable(arg, arg) ? [arg] : undefined;
    case 'bool_and':
    case 'bool_or':
      return arg.kind === 'bool' ? [arg] : undefined;
    case 'hist':
      return arg.kind === 'float8' ? [listOf(types.int8)] : undefined;
    case 'sum':
    case 'avg':
      if (integers.has(arg.kind)) return [types.int8, int128];
      if (isDecimal(arg)) return [types.int8, { kind: 'numeric', precision: 38, scale: arg.scale ?? 0 }];
      return arg.kind === 'float4' || arg.kind === 'float8' ? [types.int8, types.bytea] : undefined;
  }
}
