// Every overload that has both a reference meaning and a DuckDB rendering: they agree on a grid of edge values, errors included.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allFunctions,
  DiagnosticError,
  diagnosticOfDuckDbError,
  duckDbType,
  type Overload,
  printValue,
  type SqlType,
  type Value,
} from '../../src/core/index.js';
import { toValue } from './duckdb-value.js';
import { combinations, duckDbLiteral, instancesOf, resultType, sameValue } from './value-grid.js';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
});
afterAll(() => connection.closeSync());

async function ask(
  rows: readonly (readonly Value[])[],
  argTypes: readonly SqlType[],
  sql: string,
  type: SqlType,
): Promise<Value[]> {
  const columns = argTypes.map((_, i) => `"c${i}"`);
  const lines = rows.map((row) => `(${[...row.map((v, i) => duckDbLiteral(v, argTypes[i]!)), '0'].join(', ')})`);
  const reader = await connection.runAndReadAll(
    `SELECT ${sql} AS r FROM (VALUES ${lines.join(', ')}) AS t(${[...columns, 'one'].join(', ')})`,
  );
  return reader.getRows().map(([x]) => toValue(x, type));
}

function foldOf(
  overload: Overload,
  row: readonly Value[],
  argTypes: readonly SqlType[],
  type: SqlType,
): { value: Value } | { code: string } {
  if (overload.strict && row.includes(null)) return { value: null };
  try {
    return { value: overload.fold!(row, { argTypes, type }) };
  } catch (error) {
    if (error instanceof DiagnosticError) return { code: error.code };
    throw error;
  }
}

/** Their C library and V8 may differ in the last place. */
const loose = new Set([
  'exp',
  'ln',
  'log10',
  'pow',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'atan2',
  'sinh',
  'cosh',
  'tanh',
  'asinh',
  'acosh',
  'atanh',
  'cbrt',
  'degrees',
  'radians',
]);

const cases = allFunctions()
  .filter((f) => f.kind === 'scalar' || f.kind === 'operator')
  .flatMap((f) => f.overloads.map((overload) => ({ name: f.name, overload })))
  .filter(({ overload }) => overload.duckdb && overload.fold && overload.volatility !== 'volatile');

describe('DuckDB renderings mean what their folds mean', () => {
  test.each(cases.map((c) => [c.overload.op, c.overload] as const))('%s', async (_, overload) => {
    const failures: string[] = [];
    for (const argTypes of instancesOf(overload)) {
      const type = resultType(overload, argTypes);
      const context = { argTypes, type };
      const sql = overload.duckdb!(
        argTypes.map((_, i) => `"c${i}"`),
        context,
      );
      if (sql === undefined) continue;
      const rows = combinations(argTypes, 300);
      const expected = rows.map((row) => foldOf(overload, row, argTypes, type));
      const show = (row: readonly Value[]) =>
        row.map((v, i) => (v === null ? 'NULL' : printValue(v, argTypes[i]!))).join(' | ');
      const check = (row: readonly Value[], actual: Value, value: Value) => {
        if (
          !sameValue(
            actual,
            value,
            type,
            loose.has(overload.kernel ?? '')
              ? 4
              : overload.op.startsWith('invariant') || overload.op.startsWith('delta')
                ? 64
                : 0,
          )
        )
          failures.push(
            `${show(row)}: fold ${value === null ? 'NULL' : printValue(value, type)}, DuckDB ${actual === null ? 'NULL' : printValue(actual, type)}`,
          );
      };
      const good = rows.filter((_, i) => 'value' in expected[i]!);
      const values = expected.flatMap((e) => ('value' in e ? [e.value] : []));
      try {
        const answers = await ask(good, argTypes, sql, type);
        for (const [i, row] of good.entries()) check(row, answers[i]!, values[i]!);
      } catch {
        for (const [i, row] of good.entries()) {
          try {
            check(row, (await ask([row], argTypes, sql, type))[0]!, values[i]!);
          } catch (error) {
            failures.push(
              `${show(row)}: fold ${values[i] === null ? 'NULL' : printValue(values[i]!, type)}, DuckDB ${(error as Error).message.slice(0, 160)}`,
            );
          }
        }
      }
      const bad = rows
        .flatMap((row, i) => ('code' in expected[i]! ? [{ row, code: expected[i].code }] : []))
        .slice(0, 40);
      for (const { row, code } of bad) {
        try {
          const [answer] = await ask([row], argTypes, sql, type);
          failures.push(`${show(row)}: fold ${code}, DuckDB ${answer === null ? 'NULL' : printValue(answer!, type)}`);
        } catch (error) {
          const found = diagnosticOfDuckDbError((error as Error).message);
          const condition = found && new DiagnosticError(found).code;
          if (condition !== code)
            failures.push(`${show(row)}: fold ${code}, DuckDB ${condition} ${(error as Error).message.slice(0, 100)}`);
        }
      }
      const reader = await connection.runAndReadAll(
        `SELECT typeof(${sql}) FROM (SELECT ${[...argTypes.map((t, i) => `CAST(NULL AS ${duckDbType(t)}) AS c${i}`), '0 AS one'].join(', ')})`,
      );
      const actualType = String(reader.getRows()[0]?.[0]);
      if (actualType !== duckDbType(type).replace('TIMESTAMPTZ', 'TIMESTAMP WITH TIME ZONE'))
        failures.push(`type ${actualType}, not ${duckDbType(type)}: ${sql}`);
    }
    expect(failures.slice(0, 12)).toEqual([]);
  });
});
