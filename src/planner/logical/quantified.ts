// `x op ANY (SELECT …)` and ALL as a scalar subquery over an aggregate, for comparisons that are more than one operator of two columns.
import { lookupFunction, types } from '../../core/index.js';
import type { Column, Scalar } from '../bind/scalar.js';
import type { LogicalPlan } from './logical-plan.js';
import { columnRef } from './walk-scalar.js';

/** One row and column: whether `test`, over the rows of `plan`, holds for any or for all; NULL where NULLs leave that open. */
export function quantified(
  mode: 'any' | 'all',
  plan: LogicalPlan,
  test: Scalar,
  newColumn: (name: string, type: Scalar['type']) => Column,
): LogicalPlan {
  const holds = newColumn('holds', types.bool);
  const decided = newColumn('decided', types.bool);
  const open = newColumn('open', types.bool);
  const result = newColumn('?column?', types.bool);
  const ref = columnRef(holds);
  const literal = (value: boolean | null): Scalar => ({ kind: 'literal', type: types.bool, value });
  const someRow = (column: Column, arg: Scalar) => ({
    column,
    call: {
      name: 'bool_or',
      overload: lookupFunction('bool_or')!.overloads[0]!,
      args: [arg],
      distinct: false,
      orderBy: [],
      type: types.bool,
    },
  });
  const isAny = mode === 'any';
  return {
    kind: 'project',
    input: {
      kind: 'aggregate',
      input: { kind: 'project', input: plan, items: [{ column: holds, expr: test }] },
      groups: [],
      aggregates: [
        someRow(decided, isAny ? ref : { kind: 'not', type: types.bool, arg: ref }),
        someRow(open, { kind: 'is_null', type: types.bool, arg: ref }),
      ],
    },
    items: [
      {
        column: result,
        expr: {
          kind: 'case',
          type: types.bool,
          branches: [
            { when: columnRef(decided), then: literal(isAny) },
            { when: columnRef(open), then: literal(null) },
          ],
          otherwise: literal(!isAny),
        },
      },
    ],
  };
}
