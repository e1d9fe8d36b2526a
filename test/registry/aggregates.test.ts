// Aggregates: DuckDB's answer to each rendering is what the accumulator gives, over groups of edge values.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allFunctions,
  DiagnosticError,
  diagnosticOfDuckDbError,
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

function accumulated(
  overload: Overload,
  rows: readonly (readonly Value[])[],
  argTypes: readonly SqlType[],
  type: SqlType,
): { value: Value } | { code: string } {
  try {
    const accumulator = overload.accumulate!({ argTypes, type });
    for (const row of rows) if (!overload.strict || !row.includes(null)) accumulator.add(row);
    return { value: accumulator.result() };
  } catch (error) {
    if (error instanceof DiagnosticError) return { code: error.code };
    throw error;
  }
}

const cases = allFunctions()
  .filter((f) => f.kind === 'aggregate')
  .flatMap((f) => f.overloads)
  .filter((o) => o.duckdb && o.accumulate);

/**
 * DuckDB's float sums are Kahan's: next to the true sum, but for cancellation of much larger addends. Its sort keys lose the sign of
 * zero, and blank-padded text compares equal whatever its padding.
 */
function close(
  answer: Value,
  wanted: Value,
  type: SqlType,
  overload: Overload,
  rows: readonly (readonly Value[])[],
): boolean {
  if (sameValue(answer, wanted, type)) return true;
  if (answer === null || wanted === null) return false;
  if (type.kind === 'char') return (answer as string).trimEnd() === (wanted as string).trimEnd();
  if (type.kind === 'list')
    return printValue(answer, type).replaceAll('-0', '0') === printValue(wanted, type).replaceAll('-0', '0');
  if (!/^(sum|avg)\((real|double)/.test(overload.op)) return false;
  const slack = rows.reduce((sum, [x]) => sum + Math.abs((x ?? 0) as number) * 2 ** -52, 0);
  return answer === wanted || Math.abs((answer as number) - (wanted as number)) <= slack;
}

/** Whole groups and all their short runs: single edge values, mixtures, none. */
function groupsOf(rows: readonly (readonly Value[])[], overload: Overload): (readonly (readonly Value[])[])[] {
  const groups: (readonly (readonly Value[])[])[] = [[], rows];
  for (let i = 0; i < rows.length; i++) for (const n of [1, 2, 3, 5]) groups.push(rows.slice(i, i + n));
  if (overload.kernel !== 'hist') return groups;
  // The bounds and the number of bins are constants of the query.
  const bounds: Value[][] = [
    [-1, 1, 4],
    [0, 0.1, 3],
    [-1e300, 1e300, 7],
    [0.5, 0.75, 1],
    [1, 1, 3],
    [0, NaN, 2],
    [0, 1, 0],
  ];
  const held = bounds.flatMap((constants) =>
    groups.slice(0, 40).map((group) => group.map(([x]) => [x!, ...constants])),
  );
  return [...groups.map((group) => group.map(([x]) => [x!, ...group[0]!.slice(1)])), ...held];
}

describe('aggregates in DuckDB', () => {
  test.each(cases.map((o) => [o.op, o] as const))('%s', async (_, overload) => {
    const failures: string[] = [];
    for (const argTypes of instancesOf(overload)) {
      const type = resultType(overload, argTypes);
      const sql = overload.duckdb!(
        argTypes.map((_, i) => `"c${i}"`),
        { argTypes, type },
      );
      if (sql === undefined) continue;
      for (const rows of groupsOf(combinations(argTypes, 18), overload)) {
        const wanted = accumulated(overload, rows, argTypes, type);
        const values = rows.map((row) => `(${[...row.map((v, i) => duckDbLiteral(v, argTypes[i]!)), '0'].join(', ')})`);
        const nulls = `(${[...argTypes.map((t) => duckDbLiteral(null, t)), '1'].join(', ')})`;
        const names = [...argTypes.map((_, i) => `c${i}`), 'pad'].join(', ');
        const show = () =>
          `${rows.map((row) => row.map((v, i) => (v === null ? 'NULL' : printValue(v, argTypes[i]!))).join(' | ')).join('; ')}`;
        try {
          const reader = await connection.runAndReadAll(
            `SELECT ${sql} FROM (VALUES ${[nulls, ...values].join(', ')}) AS t(${names}) WHERE pad = 0`,
          );
          const answer = toValue(reader.getRows()[0]?.[0], type);
          if ('code' in wanted)
            failures.push(`${show()}: ${wanted.code}, DuckDB ${answer === null ? 'NULL' : printValue(answer, type)}`);
          else if (!close(answer, wanted.value, type, overload, rows))
            failures.push(
              `${show()}: ${wanted.value === null ? 'NULL' : printValue(wanted.value, type)}, DuckDB ${answer === null ? 'NULL' : printValue(answer, type)}`,
            );
        } catch (error) {
          const found = diagnosticOfDuckDbError((error as Error).message);
          const code = found && new DiagnosticError(found).code;
          if (!('code' in wanted) || wanted.code !== code)
            failures.push(
              `${show()}: ${'code' in wanted ? wanted.code : 'a value'}, DuckDB ${(error as Error).message.slice(0, 150)}`,
            );
        }
      }
    }
    expect(failures.slice(0, 8)).toEqual([]);
  });
});
