// Functions of numerics against values that PostgreSQL 15 gave.
import { describe, expect, it } from 'vitest';
import { DiagnosticError } from '../diagnostic.js';
import type { NumericValue } from '../registry/overload.js';
import { parseNumeric, printNumeric } from './numeric.js';
import { expNumeric, lnNumeric, logNumeric, powerNumeric, sqrtOfNumeric } from './numeric-math.js';

const of = (f: (...args: NumericValue[]) => NumericValue, ...args: readonly string[]): string => {
  try {
    return printNumeric(f(...args.map((a) => parseNumeric(a)!)));
  } catch (error) {
    if (error instanceof DiagnosticError) return error.code;
    throw error;
  }
};

describe('functions of numerics', () => {
  it.each([
    ['1.0', '2.7182818284590452'],
    ['-50.25', '0.0000000000000000000001502111891943152'],
    ['123.456', '413294435277809344957685441227343146614594393746575438.725'],
    [`1.${'0'.repeat(50)}`, '2.71828182845904523536028747135266249775724709369996'],
    ['-Infinity', '0'],
    ['NaN', 'NaN'],
    ['7000', '22003'],
  ])('exp(%s)', (x, wanted) => {
    expect(of(expNumeric, x)).toBe(wanted);
  });

  it.each([
    ['2.0', '0.6931471805599453'],
    ['1.000000001', '0.0000000009999999995000000'],
    ['1e-30', '-69.077552789821370520539743640531'],
    ['1', '0.0000000000000000'],
    ['0', '2201E'],
    ['-1', '2201E'],
    ['Infinity', 'Infinity'],
  ])('ln(%s)', (x, wanted) => {
    expect(of(lnNumeric, x)).toBe(wanted);
  });

  it.each([
    ['2', '8', '3.0000000000000000'],
    ['10.0', '0.001', '-3.0000000000000000'],
    ['1.1', '100000', '120.79428964048403'],
    ['1.0', '5', '22012'],
    ['0', '5', '2201E'],
    ['Infinity', '2', '0'],
    ['Infinity', 'Infinity', 'NaN'],
  ])('log(%s, %s)', (base, x, wanted) => {
    expect(of(logNumeric, base, x)).toBe(wanted);
  });

  it.each([
    ['9.0', '0.5', '3.0000000000000000'],
    ['1.1', '-50', '0.0085185512795006'],
    ['1.0001', '10000.5', '2.7182818307240536'],
    ['10.0', '30', '1000000000000000000000000000000.0000000000000000'],
    ['0', '-1', '2201F'],
    ['-1', '0.5', '2201F'],
    ['10', '200000', '22003'],
    ['NaN', '0', '1'],
    ['1', 'NaN', '1'],
    ['-Infinity', '3', '-Infinity'],
    ['0.5', 'Infinity', '0'],
  ])('power(%s, %s)', (base, exponent, wanted) => {
    expect(of(powerNumeric, base, exponent)).toBe(wanted);
  });

  // More digits than are worth computing all: beside all of them.
  it.each([
    ['10', 131_071],
    ['-3', 100_001],
    ['1.0001', 100_000],
    ['-123.456789', 5_001],
    ['0.999999', 30_000],
    ['1.5', -20_000],
    ['2', -50_000],
  ])('power(%s, %i), by integers alone', (base, exponent) => {
    const { unscaled, scale } = parseNumeric(base)!;
    const n = BigInt(Math.abs(exponent));
    const [power, whole] = [unscaled ** n, 10n ** (BigInt(scale) * n)];
    const [above, below] = exponent > 0 ? [power, whole] : [whole, power];
    const found = powerNumeric(parseNumeric(base)!, parseNumeric(String(exponent))!);
    const twice = 2n * (above * 10n ** BigInt(found.scale) - found.unscaled * below);
    const size = below < 0n ? -below : below;
    expect(twice <= size && twice >= -size).toBe(true);
  });

  it.each([
    ['2.0', '1.414213562373095'],
    ['1e-20', '0.0000000001000000000000000'],
    ['0', '0.000000000000000'],
    ['-1', '2201F'],
  ])('sqrt(%s)', (x, wanted) => {
    expect(of(sqrtOfNumeric, x)).toBe(wanted);
  });
});
