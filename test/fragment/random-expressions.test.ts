// Random bound expressions over random rows: the vectorised meaning equals the registry's reference meaning, row by row.
import { expect, it } from 'vitest';
import {
  allFunctions,
  DiagnosticError,
  type Overload,
  type SqlType,
  sameType,
  types,
  type Value,
} from '../../src/core/index.js';
import { ProgramBuilder } from '../../src/exec/eval/compile-scalar.js';
import { ProgramRun } from '../../src/exec/eval/run-program.js';
import { fromValues, valueAt } from '../../src/exec/eval/vec.js';
import type { Column, ColumnId, Scalar } from '../../src/planner/index.js';

const expressions = Number(process.env['EXPRESSIONS'] ?? 2_000);
const rowsEach = 12;
let state = Number(process.env['SEED'] ?? 20_261_124);
function next(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 4294967296;
}
const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;

const kinds = [types.bool, types.int2, types.int4, types.int8, types.float4, types.float8, types.text] as const;
const columns = kinds.flatMap((type, k) =>
  [0, 1].map((c): Column => ({ id: (2 * k + c) as ColumnId, name: `c${k}${c}`, type })),
);
const floats = [NaN, Infinity, -Infinity, -0, 0, 1, -1, 0.5, 2.5, -3.5, 1e30, 1e-30, 7];
function value(type: SqlType): Value {
  if (next() < 0.12) return null;
  switch (type.kind) {
    case 'bool':
      return next() < 0.5;
    case 'int2':
      return pick([0, 1, -1, 7, 300, 32767, -32768]);
    case 'int4':
      return pick([0, 1, -1, 7, 40000, 2147483647, -2147483648]);
    case 'int8':
      return pick([0n, 1n, -1n, 7n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]);
    case 'float4':
      return Math.fround(pick(floats));
    case 'float8':
      return next() < 0.7 ? pick(floats) : (next() - 0.5) * 200;
    default:
      return pick(['', 'a', 'ab', 'ä', '日本', '\u{1f600}', 'A%', '_']);
  }
}

/** Scalar overloads of plain types, by result. */
const overloads = allFunctions()
  .filter(({ kind }) => kind === 'scalar' || kind === 'operator')
  .flatMap((entry) => entry.overloads)
  .filter(
    ({ kernel, fold, args, returns, variadic, volatility }) =>
      kernel &&
      fold &&
      !variadic &&
      volatility === 'immutable' &&
      args.length > 0 &&
      args.every((arg) => typeof arg !== 'string' && kinds.some((kind) => sameType(kind, arg))) &&
      typeof returns === 'object',
  );

function expression(type: SqlType, depth: number): Scalar {
  const leaf = (): Scalar => {
    if (next() < 0.3) return { kind: 'literal', type, value: value(type) };
    const column = pick(columns.filter((c) => sameType(c.type, type)));
    return { kind: 'column', column, type };
  };
  if (depth === 0) return leaf();
  const sub = (of: SqlType): Scalar => expression(of, depth - 1);
  const choice = next();
  if (choice < 0.1) return leaf();
  if (choice < 0.2)
    return { kind: 'case', type, branches: [{ when: sub(types.bool), then: sub(type) }], otherwise: sub(type) };
  if (choice < 0.27) return { kind: 'coalesce', type, args: [sub(type), sub(type)] };
  if (type.kind === 'bool' && choice < 0.5)
    return pick<() => Scalar>([
      () => ({ kind: pick(['and', 'or'] as const), type, args: [sub(type), sub(type), sub(type)] }),
      () => ({ kind: 'not', type, arg: sub(type) }),
      () => ({ kind: 'is_null', type, arg: sub(pick(kinds)) }),
    ])();
  const fitting = overloads.filter(({ returns }) => sameType(returns as SqlType, type));
  if (fitting.length === 0) return leaf();
  const overload: Overload = pick(fitting);
  return { kind: 'call', name: overload.op, overload, type, args: overload.args.map((arg) => sub(arg as SqlType)) };
}

/** The reference meaning; only what is reached is evaluated. */
function meaning(scalar: Scalar, row: readonly Value[]): Value {
  switch (scalar.kind) {
    case 'literal':
      return scalar.value;
    case 'column':
      return row[scalar.column.id]!;
    case 'case': {
      const [branch] = scalar.branches;
      return meaning(branch!.when, row) === true ? meaning(branch!.then, row) : meaning(scalar.otherwise, row);
    }
    case 'coalesce':
      return meaning(scalar.args[0]!, row) ?? meaning(scalar.args[1]!, row);
    case 'and':
    case 'or': {
      const decides = scalar.kind === 'or';
      let result: Value = !decides;
      for (const arg of scalar.args) {
        const x = meaning(arg, row);
        if (x === decides) return decides;
        if (x === null) result = null;
      }
      return result;
    }
    case 'not': {
      const x = meaning(scalar.arg, row);
      return x === null ? null : !x;
    }
    case 'is_null':
      return meaning(scalar.arg, row) === null;
    case 'call': {
      const args = scalar.args.map((arg) => meaning(arg, row));
      if (scalar.overload.strict && args.includes(null)) return null;
      return scalar.overload.fold!(args, { argTypes: scalar.args.map((arg) => arg.type), type: scalar.type });
    }
    default:
      throw new Error(scalar.kind);
  }
}

function vectorised(scalar: Scalar, rows: readonly Value[][]): Value[] {
  const builder = new ProgramBuilder((id) => (b) => b.emit('column', columns[id]!.type, 0, [], { immediate: id }));
  const register = builder.compile(scalar, 0);
  const column = (i: number) =>
    fromValues(
      columns[i]!.type,
      rows.map((row) => row[i]!),
    );
  const run = new ProgramRun(builder.instructions, { rows: rows.length, column });
  run.run();
  return rows.map((_, i) => valueAt(run.get(register), i));
}

it(`${expressions} random expressions over ${rowsEach} rows each`, () => {
  expect(overloads.length).toBeGreaterThan(80);
  let failing = 0;
  for (let round = 0; round < expressions; round++) {
    const scalar = expression(pick(kinds), 1 + Math.floor(next() * 3));
    const good: Value[][] = [];
    const expected: Value[] = [];
    for (let r = 0; r < rowsEach; r++) {
      const row = columns.map((column) => value(column.type));
      try {
        expected.push(meaning(scalar, row));
        good.push(row);
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        failing++;
        expect(() => vectorised(scalar, [row]), `round ${round}`).toThrow(DiagnosticError);
      }
    }
    expect(
      vectorised(scalar, good),
      `round ${round}: ${JSON.stringify(scalar, (_, v) => (typeof v === 'bigint' ? `${v}` : v)).slice(0, 1500)}`,
    ).toEqual(expected);
  }
  expect(failing).toBeGreaterThan(expressions / 20);
});
