// The narrowest type that holds every value of two: how columns of files that differ are united.
import { type SqlType, sameType, types } from '../../core/index.js';

type Range = readonly [least: bigint, greatest: bigint];

const integers = {
  int1: [-(2n ** 7n), 2n ** 7n - 1n],
  uint1: [0n, 2n ** 8n - 1n],
  int2: [-(2n ** 15n), 2n ** 15n - 1n],
  uint2: [0n, 2n ** 16n - 1n],
  int4: [-(2n ** 31n), 2n ** 31n - 1n],
  uint4: [0n, 2n ** 32n - 1n],
  int8: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 64n - 1n],
} as const satisfies Record<string, Range>;

/** Integers up to these are exact in a float: 2^(significant bits). */
const floats = { float4: 2n ** 24n, float8: 2n ** 53n } as const;

type IntegerKind = keyof typeof integers;
type FloatKind = keyof typeof floats;

const isInteger = (type: SqlType): type is { readonly kind: IntegerKind } => type.kind in integers;
const isFloat = (type: SqlType): type is { readonly kind: FloatKind } => type.kind in floats;

function holds(wide: SqlType, narrow: SqlType): boolean {
  if (wide.kind === narrow.kind) return true;
  if (isFloat(wide)) {
    if (isFloat(narrow)) return floats[wide.kind] >= floats[narrow.kind];
    if (!isInteger(narrow)) return false;
    const [least, greatest] = integers[narrow.kind];
    return -floats[wide.kind] <= least && greatest <= floats[wide.kind];
  }
  if (!isInteger(wide) || !isInteger(narrow)) return false;
  const [least, greatest] = integers[wide.kind];
  const [from, to] = integers[narrow.kind];
  return least <= from && to <= greatest;
}

const numericTypes: readonly SqlType[] = [
  ...(Object.keys(integers) as IntegerKind[]).map((kind) => types[kind]),
  types.float4,
  types.float8,
];

/**
 * `undefined` where none is without loss: int8 with float8, uint8 with a signed integer, a list with a scalar, text with a
 * number. Lists widen by their elements.
 */
export function widenType(a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'list' && b.kind === 'list') {
    const element = widenType(a.element, b.element);
    return element && { kind: 'list', element };
  }
  return numericTypes.find((type) => holds(type, a) && holds(type, b));
}
