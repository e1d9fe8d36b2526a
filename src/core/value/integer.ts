// Integers of two, four and eight bytes with PostgreSQL's overflow errors.
import { fail } from '../diagnostic.js';

export const int8Min = -(2n ** 63n);
export const int8Max = 2n ** 63n - 1n;

export function int2(x: number): number {
  if (x >= -32768 && x <= 32767) return x;
  throw fail('numeric_value_out_of_range', 'smallint out of range');
}

export function int4(x: number): number {
  if (x >= -2147483648 && x <= 2147483647) return x;
  throw fail('numeric_value_out_of_range', 'integer out of range');
}

export function int8(x: bigint): bigint {
  if (x >= int8Min && x <= int8Max) return x;
  throw fail('numeric_value_out_of_range', 'bigint out of range');
}

export function divisionByZero(): never {
  throw fail('division_by_zero', 'division by zero');
}
