// The narrowest type that holds every value of two: how columns of files that differ are united.
import {
  type IntegerKind,
  integerRanges,
  isFloatType,
  isIntegerType,
  type SqlType,
  sameType,
  types,
} from '../../core/index.js';

/** Integers up to these are exact in a float: 2^(significant bits). */
const exactUpTo = { float4: 2n ** 24n, float8: 2n ** 53n } as const;

function holds(wide: SqlType, narrow: SqlType): boolean {
  if (wide.kind === narrow.kind) return true;
  if (isFloatType(wide)) {
    if (isFloatType(narrow)) return exactUpTo[wide.kind] >= exactUpTo[narrow.kind];
    if (!isIntegerType(narrow)) return false;
    const [least, greatest] = integerRanges[narrow.kind];
    return -exactUpTo[wide.kind] <= least && greatest <= exactUpTo[wide.kind];
  }
  if (!isIntegerType(wide) || !isIntegerType(narrow)) return false;
  const [least, greatest] = integerRanges[wide.kind];
  const [from, to] = integerRanges[narrow.kind];
  return least <= from && to <= greatest;
}

const numericTypes: readonly SqlType[] = [
  ...(Object.keys(integerRanges) as IntegerKind[]).map((kind) => types[kind]),
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
