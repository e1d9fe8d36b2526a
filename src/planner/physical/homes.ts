// Which of the two local engines can run an expression: the evaluator, which has the reference meanings, or DuckDB.
import { holdsTextNumeric, needsKey, renderCast } from '../../core/index.js';
import type { AggregateCall, Scalar } from '../bind/scalar.js';
import type { Aggregate, LogicalPlan, WindowCall } from '../logical/logical-plan.js';
import { planScalars } from '../logical/walk-plan.js';
import { isDeeper, someScalar } from '../logical/walk-scalar.js';

/** Has a meaning outside DuckDB: the evaluator runs it. */
export const isEvaluable = (scalar: Scalar): boolean =>
  !someScalar(scalar, (s) => s.kind === 'subquery' || (s.kind === 'call' && !s.overload.fold && !s.overload.kernel));

/** DuckDB has SQL of the same meaning. */
export const isRenderable = (scalar: Scalar): boolean => renderable(scalar, false);

const renderable = (scalar: Scalar, lastResort: boolean): boolean =>
  !someScalar(scalar, (s) => !hasSql(s, lastResort)) && !isDeeper(scalar, mostLevels);

/** DuckDB's parser takes 1,000 levels, and an operator may be rendered as several. */
const mostLevels = 250;

function hasSql(s: Scalar, lastResort: boolean): boolean {
  if (s.kind === 'cast')
    return (
      s.arg.type.kind === 'unknown' ||
      renderCast('x', s.arg.type, s.type, { explicit: s.explicit, attempt: s.attempt, lastResort }) !== undefined
    );
  if (s.kind !== 'call') return true;
  const names = s.args.map((_, i) => `a${i}`);
  return s.overload.duckdb?.(names, { argTypes: s.args.map((a) => a.type), type: s.type, lastResort }) !== undefined;
}

export function isRenderableCall(call: AggregateCall, lastResort = false): boolean {
  // Equal values that differ as texts are not one to it.
  if (call.distinct && call.args.some((a) => needsKey(a.type))) return false;
  // Renderings may look whether an argument is a constant.
  const args = call.args.map((a, i) => {
    if (a.kind !== 'literal') return `a${i}`;
    return typeof a.value === 'string' ? `'${i}'` : typeof a.value === 'number' ? String(a.value) : `a${i}`;
  });
  const argTypes = call.args.map((a) => a.type);
  const context = { argTypes, type: call.type, lastResort, call: (name: string) => `${name}()` };
  return call.overload.duckdb?.(args, context) !== undefined;
}

/**
 * The node alone, without its inputs and subqueries.
 * @param lastResort whether DuckDB may compute numerics of any digits within 38, since the evaluator cannot go there
 */
export function isRenderableNode(node: LogicalPlan, lastResort = false): boolean {
  const calls = node.kind === 'aggregate' ? node.aggregates : node.kind === 'window' ? node.windows : [];
  if (node.kind === 'aggregate' && !hasPlainKeys(node)) return false;
  if (node.kind === 'window' && node.windows.some(hasTextRange)) return false;
  return (
    calls.every((c) => isRenderableCall(c.call, lastResort)) &&
    planScalars(node).every((s) => renderable(s, lastResort))
  );
}

/** A frame of values around a numeric that is text in DuckDB. */
function hasTextRange({ frame, orderBy }: WindowCall): boolean {
  const offsets = frame?.mode === 'range' && (frame.start.offset ?? frame.end.offset) !== undefined;
  return offsets && orderBy.some((k) => holdsTextNumeric(k.expr.type));
}

/** DuckDB groups by what is equal and the same. */
export function hasPlainKeys({ groups }: Aggregate): boolean {
  return !groups.some((g) => needsKey(g.expr.type));
}
