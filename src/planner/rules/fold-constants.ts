// Calls of immutable functions on literals become literals.
// Before: event_id > 2 + 3    After: event_id > 5
// What raises an error stays: `case when x then 1/0 end` fails at run time, and only where the branch is taken.
import { castValue, DiagnosticError, lookupFunction, type SqlType, type Value } from '../../core/index.js';
import type { LiteralScalar, Scalar } from '../bind/scalar.js';
import { mapPlanScalars } from '../logical/walk-plan.js';
import { rewriteScalar } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const FoldConstants = bottomUp('FoldConstants', (node) => mapPlanScalars(node, foldConstants));

export const foldConstants = (scalar: Scalar): Scalar => rewriteScalar(scalar, foldNode);

const isLiteral = (s: Scalar): s is LiteralScalar => s.kind === 'literal';
const literal = (like: Scalar, value: Value): LiteralScalar => ({
  kind: 'literal',
  type: like.type,
  value,
  ...(like.span && { span: like.span }),
});

/** Casts between these and other types read the session's time zone. */
const dependsOnZone = (type: SqlType): boolean => type.kind === 'timestamptz';

function attempt(scalar: Scalar, fold: () => Value): Scalar {
  try {
    return literal(scalar, fold());
  } catch (error) {
    if (error instanceof DiagnosticError) return scalar;
    throw error;
  }
}

function foldNode(scalar: Scalar): Scalar {
  switch (scalar.kind) {
    case 'call': {
      const { overload, args } = scalar;
      if (overload.volatility !== 'immutable') return scalar;
      // Its rows may be many: they are made as they are asked for.
      if (lookupFunction(scalar.name)?.kind === 'table') return scalar;
      const constants = args.filter(isLiteral);
      if (overload.strict && constants.some((a) => a.value === null)) {
        return args.every(isLiteral) ? literal(scalar, null) : scalar;
      }
      if (!overload.fold || constants.length < args.length) return scalar;
      const context = { argTypes: args.map((a) => a.type), type: scalar.type };
      return attempt(scalar, () =>
        overload.fold!(
          constants.map((a) => a.value),
          context,
        ),
      );
    }
    case 'cast': {
      const { arg, type, explicit, attempt: orNull } = scalar;
      if (!isLiteral(arg) || dependsOnZone(arg.type) !== dependsOnZone(type)) return scalar;
      return attempt(scalar, () => castValue(arg.value, arg.type, type, { explicit, attempt: orNull }));
    }
    case 'not':
      if (!isLiteral(scalar.arg)) return scalar;
      return literal(scalar, scalar.arg.value === null ? null : scalar.arg.value !== true);
    case 'is_null':
      return isLiteral(scalar.arg) ? literal(scalar, scalar.arg.value === null) : scalar;
    case 'case': {
      const branches = scalar.branches.filter(({ when }) => !isLiteral(when) || when.value === true);
      const certain = branches.findIndex(({ when }) => isLiteral(when));
      if (certain === 0) return branches[0]!.then;
      if (certain > 0) return { ...scalar, branches: branches.slice(0, certain), otherwise: branches[certain]!.then };
      if (branches.length === 0) return scalar.otherwise;
      return branches.length === scalar.branches.length ? scalar : { ...scalar, branches };
    }
    case 'coalesce': {
      // What comes after a constant is never evaluated.
      const args = scalar.args.filter((a) => !isLiteral(a) || a.value !== null);
      const certain = args.findIndex(isLiteral);
      const kept = certain < 0 ? args : args.slice(0, certain + 1);
      if (kept.length === 0) return literal(scalar, null);
      if (kept.length === 1) return kept[0]!;
      return kept.length === scalar.args.length ? scalar : { ...scalar, args: kept };
    }
    default:
      return scalar;
  }
}
