// The expected texts are what PostgreSQL 15 prints.
import { describe, expect, test } from 'vitest';
import { listOf, type SqlType, types } from '../sql-type.js';
import { castValue } from './cast.js';
import { parseValue, printValue } from './print.js';

const roundTrip = (text: string, type: SqlType) => printValue(parseValue(text, type), type);

describe('text forms', () => {
  test.each([
    ['1e20', types.float8, '1e+20'],
    ['0.00001', types.float8, '1e-05'],
    ['123456789012345', types.float8, '123456789012345'],
    ['1e15', types.float8, '1e+15'],
    ['100000', types.float4, '100000'],
    ['1000000', types.float4, '1e+06'],
    ['0.1', types.float4, '0.1'],
    ['-0', types.float8, '-0'],
    ['nan', types.float8, 'NaN'],
    ['-inf', types.float4, '-Infinity'],
    ['1.50', types.numeric, '1.50'],
    ['1.5e3', types.numeric, '1500'],
    ['-.5', types.numeric, '-0.5'],
    ['{1,NULL,3}', listOf(types.int4), '{1,NULL,3}'],
    ['{"a b",c,"",null}', listOf(types.text), '{"a b",c,"",NULL}'],
    ['\\xDEad', types.bytea, '\\xdead'],
    ['2024-02-29', types.date, '2024-02-29'],
    ['2024-02-29 12:30:00.5', types.timestamp, '2024-02-29 12:30:00.5'],
    ['2024-02-29 12:30:00+02', types.timestamptz, '2024-02-29 10:30:00+00'],
    ['1 year 2 mons -3 days 04:05:06', types.interval, '1 year 2 mons -3 days +04:05:06'],
    ['yes', types.bool, 't'],
  ] as const)('%s', (text, type, shown) => {
    expect(roundTrip(text, type)).toBe(shown);
  });

  test.each([
    ['x', types.int4, 'invalid input syntax for type integer: "x"'],
    ['1.5', types.int4, 'invalid input syntax for type integer: "1.5"'],
    ['40000', types.int2, 'value "40000" is out of range for type smallint'],
    ['1e400', types.float8, '"1e400" is out of range for type double precision'],
    ['2023-02-29', types.date, 'date/time field value out of range: "2023-02-29"'],
    ['{1', listOf(types.int4), 'malformed array literal: "{1"'],
  ] as const)('%s is refused', (text, type, message) => {
    expect(() => parseValue(text, type)).toThrow(message);
  });
});

describe('casts', () => {
  test('floats round half to even, numerics away from zero', () => {
    expect(castValue(2.5, types.float8, types.int4)).toBe(2);
    expect(castValue(parseValue('2.5', types.numeric), types.numeric, types.int4)).toBe(3);
  });
  test('out of range', () => {
    expect(() => castValue(3e9, types.float8, types.int4)).toThrow('integer out of range');
    expect(() => castValue(1e300, types.float8, types.float4)).toThrow('value out of range: overflow');
    expect(castValue('x', types.text, types.int4, { attempt: true })).toBe(null);
  });
  test('varchar(n) truncates only when asked', () => {
    const short: SqlType = { kind: 'varchar', length: 2 };
    expect(castValue('abc', types.text, short, { explicit: true })).toBe('ab');
    expect(() => castValue('abc', types.text, short, { explicit: false })).toThrow(
      'value too long for type character varying(2)',
    );
  });
});
