// Numerics that are text, computed by DuckDB where the evaluator cannot go: the same digits as the folds, or an error.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Accumulator,
  DiagnosticError,
  diagnosticOfDuckDbError,
  lookupFunction,
  lookupOperator,
  type NumericValue,
  type Overload,
  parseNumeric,
  printNumeric,
  types,
} from '../../src/core/index.js';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
});
afterAll(() => connection.closeSync());

const some = [
  '0',
  '0.00',
  '1',
  '-1.50',
  '3',
  '0.000000000001',
  '-7.25',
  '12345678901234567.125',
  '99999999999999999999',
];

const ofNumerics = (overloads: readonly Overload[] | undefined): Overload =>
  overloads!.find((o) => o.args.length > 0 && o.args.every((a) => typeof a === 'object' && a.kind === 'numeric'))!;

async function answer(sql: string, rows: string): Promise<string[]> {
  const reader = await connection.runAndReadAll(`SELECT ${sql} FROM (VALUES ${rows}) AS t(a, b)`);
  return reader.getRows().map(([x]) => String(x));
}

async function errorOf(sql: string, rows: string): Promise<string | undefined> {
  try {
    await answer(sql, rows);
    return undefined;
  } catch (error) {
    const found = diagnosticOfDuckDbError((error as Error).message);
    return found && new DiagnosticError(found).code;
  }
}

const context = { argTypes: [types.numeric, types.numeric], type: types.numeric, lastResort: true };

test.each(['+', '-', '*', '/'])('%s', async (symbol) => {
  const overload = ofNumerics(lookupOperator(symbol, 2)?.overloads);
  const sql = overload.duckdb!(['a', 'b'], context)!;
  expect(overload.duckdb!(['a', 'b'], { ...context, lastResort: false })).toBeUndefined();
  for (const a of some)
    for (const b of some) {
      if (symbol === '/' && /^0/.test(b) && !/[1-9]/.test(b)) {
        expect(await errorOf(sql, `('${a}', '${b}')`)).toBe('22012');
        continue;
      }
      const wanted = printNumeric(overload.fold!([parseNumeric(a)!, parseNumeric(b)!], context) as NumericValue);
      let found: string;
      try {
        [found] = (await answer(sql, `('${a}', '${b}')`)) as [string];
      } catch {
        expect(await errorOf(sql, `('${a}', '${b}')`)).toBe('22003');
        continue;
      }
      expect(found, `${a} ${symbol} ${b}`).toBe(wanted);
    }
  expect(await errorOf(sql, "('NaN', '1')")).toBe('22003');
  expect(await answer(sql, "(CAST(NULL AS VARCHAR), '1')")).toEqual(['null']);
});

test.each(['sum', 'avg', 'min', 'max'])('%s', async (name) => {
  const overload = ofNumerics(lookupFunction(name)?.overloads);
  const one = { ...context, argTypes: [types.numeric] };
  const sql = overload.duckdb!(['a'], one)!;
  for (const values of [some.slice(0, 7), ['2.50', '1.25'], ['-3'], ['0.5', '-0.50']]) {
    const accumulator: Accumulator = overload.accumulate!(one);
    for (const value of values) accumulator.add([parseNumeric(value)!]);
    const wanted = printNumeric(accumulator.result() as NumericValue);
    expect(await answer(sql, values.map((v) => `('${v}', 0)`).join(', ')), values.join()).toEqual([wanted]);
  }
  expect(await answer(sql, '(CAST(NULL AS VARCHAR), 0)')).toEqual(['null']);
});
