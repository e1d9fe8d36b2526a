import { expect, test } from 'vitest';
import { listOf, printStorageType, types } from '../../core/index.js';
import { widenType } from './widen-type.js';

const { bool, int1, int2, int4, int8, uint1, uint2, uint4, uint8, float4, float8, text } = types;

test.each([
  [int4, int4, int4],
  [int2, int4, int4],
  [int1, uint1, int2],
  [uint1, uint4, uint4],
  [int4, uint4, int8],
  [int2, float4, float4],
  [uint2, float4, float4],
  [int4, float4, float8],
  [int4, float8, float8],
  [uint4, float8, float8],
  [float4, float8, float8],
  [listOf(float4), listOf(float8), listOf(float8)],
  [listOf(listOf(int2)), listOf(listOf(uint2)), listOf(listOf(int4))],
])('%o and %o unite without loss', (a, b, wide) => {
  expect(widenType(a, b)).toEqual(wide);
  expect(widenType(b, a)).toEqual(wide);
});

test.each([
  [int8, float8],
  [uint8, float8],
  [uint8, int8],
  [uint8, int1],
  [bool, int4],
  [text, int4],
  [float4, listOf(float4)],
  [listOf(float4), listOf(listOf(float4))],
])('%o and %o do not', (a, b) => {
  expect(widenType(a, b), `${printStorageType(a)} with ${printStorageType(b)}`).toBeUndefined();
  expect(widenType(b, a)).toBeUndefined();
});
