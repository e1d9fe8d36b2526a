// Every registry function with an opcode: the vectorised meaning equals the reference meaning on awkward values.
import { describe, expect, it } from 'vitest';
import {
  allFunctions,
  DiagnosticError,
  kernelSupports,
  listOf,
  type Overload,
  type SqlType,
  type TypePattern,
  types,
  type Value,
} from '../../core/index.js';
import type { Column, ColumnId, Scalar } from '../../planner/index.js';
import { ProgramBuilder } from './compile-scalar.js';
import { ProgramRun } from './run-program.js';
import { fromValues, valueAt } from './vec.js';

const floats = [NaN, Infinity, -Infinity, -0, 0, 1, -1, 0.5, -2.5, 3.5, 1e30, 1e-30];
const samples = (type: SqlType): readonly Value[] => {
  switch (type.kind) {
    case 'bool':
      return [true, false, null];
    case 'int2':
      return [0, 1, -1, 7, -32768, 32767, null];
    case 'int4':
      return [0, 1, -1, 7, -2147483648, 2147483647, null];
    case 'int8':
      return [0n, 1n, -1n, 7n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, null];
    case 'float4':
      return [...floats.map(Math.fround), null];
    case 'float8':
      return [...floats, 1e308, 5e-324, null];
    case 'text':
      return ['', 'a', 'ab', 'ä', '\u{1f600}', 'A%', '_', null];
    case 'date':
      return [0, 1, -1, null];
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return [0n, 1n, 86_400_000_000n - 1n, null];
    case 'list': {
      const elements = samples(type.element);
      return [[], elements, elements.slice(1, 3), elements.filter((v) => v !== null), [null], null];
    }
    default:
      return [];
  }
};

function concrete(pattern: TypePattern, element: SqlType): SqlType {
  if (typeof pattern !== 'string') return pattern;
  return pattern.includes('array') && pattern !== 'anynonarray' ? listOf(element) : element;
}

function* tuples(argTypes: readonly SqlType[]): Generator<Value[]> {
  const [first, ...rest] = argTypes;
  if (!first) return yield [];
  for (const value of samples(first)) for (const tail of tuples(rest)) yield [value, ...tail];
}

const cases = allFunctions().flatMap((entry) =>
  entry.overloads.flatMap((overload): [string, Overload, SqlType[], SqlType][] => {
    if (!overload.fold || !overload.kernel) return [];
    const elements = overload.args.some((arg) => typeof arg === 'string')
      ? [types.float4, types.int8, types.text]
      : [types.int4];
    return elements.flatMap((element): [string, Overload, SqlType[], SqlType][] => {
      const argTypes = overload.args.map((arg) => concrete(arg, element));
      const type =
        typeof overload.returns === 'function' ? overload.returns(argTypes) : concrete(overload.returns, element);
      if (!kernelSupports(overload.kernel, argTypes, type)) return [];
      return [[`${overload.op} on ${element.kind}`, overload, argTypes, type]];
    });
  }),
);

function evaluate(overload: Overload, argTypes: readonly SqlType[], type: SqlType, rows: readonly Value[][]): Value[] {
  const columns: Column[] = argTypes.map((argType, i) => ({ id: i as ColumnId, name: `a${i}`, type: argType }));
  const builder = new ProgramBuilder((id) => (b) => b.emit('column', argTypes[id]!, 0, [], { immediate: id }));
  const args = columns.map((column): Scalar => ({ kind: 'column', column, type: column.type }));
  const register = builder.compile({ kind: 'call', name: overload.op, overload, args, type }, 0);
  const run = new ProgramRun(builder.instructions, {
    rows: rows.length,
    column: (i, columnType) =>
      fromValues(
        columnType,
        rows.map((row) => row[i]!),
      ),
  });
  run.run();
  return rows.map((_, i) => valueAt(run.get(register), i));
}

describe('vectorised operations agree with their reference meaning', () => {
  it('covers the registry', () => expect(cases.length).toBeGreaterThan(100));

  it.each(cases)('%s', (_, overload, argTypes, type) => {
    const good: Value[][] = [];
    const expected: Value[] = [];
    for (const row of tuples(argTypes)) {
      let value: Value;
      try {
        value = overload.strict && row.includes(null) ? null : overload.fold!(row, { argTypes, type });
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        expect(() => evaluate(overload, argTypes, type, [row]), `${row}`).toThrow(error.message);
        continue;
      }
      good.push(row);
      expected.push(value);
    }
    const ours = evaluate(overload, argTypes, type, good);
    for (const [i, row] of good.entries()) expect(ours[i], `of ${row.map(String)}`).toEqual(expected[i]);
  });
});
