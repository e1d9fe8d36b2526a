// Which types are numbers, and the least and the greatest value of each integer type; stored ones included.
import type { SqlType } from '../sql-type.js';

export const integerRanges = {
  int1: [-(2n ** 7n), 2n ** 7n - 1n],
  uint1: [0n, 2n ** 8n - 1n],
  int2: [-(2n ** 15n), 2n ** 15n - 1n],
  uint2: [0n, 2n ** 16n - 1n],
  int4: [-(2n ** 31n), 2n ** 31n - 1n],
  uint4: [0n, 2n ** 32n - 1n],
  int8: [-(2n ** 63n), 2n ** 63n - 1n],
  uint8: [0n, 2n ** 64n - 1n],
} as const satisfies Record<string, readonly [least: bigint, greatest: bigint]>;

export type IntegerKind = keyof typeof integerRanges;

export const isIntegerType = (type: SqlType): type is SqlType & { readonly kind: IntegerKind } =>
  type.kind in integerRanges;

export const isFloatType = (type: SqlType): type is SqlType & { readonly kind: 'float4' | 'float8' } =>
  type.kind === 'float4' || type.kind === 'float8';

export const isNumberType = (type: SqlType): boolean =>
  isIntegerType(type) || isFloatType(type) || type.kind === 'numeric';
