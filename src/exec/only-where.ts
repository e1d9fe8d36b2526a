// An aggregate's argument or sort key as it is evaluated beside a FILTER: in a fragment, by the evaluator and in DuckDB alike.
import type { Scalar } from '../planner/index.js';
import { isPlain } from './eval/compile-scalar.js';

/** Rows that the filter leaves out may not fail. */
export function onlyWhere(filter: Scalar | undefined, expr: Scalar): Scalar {
  if (!filter || isPlain(expr)) return expr;
  const { type } = expr;
  const otherwise: Scalar = { kind: 'literal', type, value: null };
  return { kind: 'case', type, branches: [{ when: filter, then: expr }], otherwise };
}
