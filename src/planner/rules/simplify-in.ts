// IN of one value is an equality, and what stands twice in its list counts once.
// Before: run in (1, 1)    After: run = 1
import { lookupOperator, sameType, types } from '../../core/index.js';
import type { InScalar, Scalar } from '../bind/scalar.js';
import { printValue } from '../logical/print-scalar.js';
import { mapPlanScalars } from '../logical/walk-plan.js';
import { rewriteScalar } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const SimplifyIn = bottomUp('SimplifyIn', (node) => mapPlanScalars(node, simplifyIn));

export const simplifyIn = (scalar: Scalar): Scalar => rewriteScalar(scalar, simplifyNode);

function simplifyNode(inner: Scalar): Scalar {
  if (inner.kind !== 'in') return inner;
  const list = withoutRepeats(inner.list);
  if (list.length === 1) return equality(inner, list[0]!) ?? (list === inner.list ? inner : { ...inner, list });
  return list === inner.list ? inner : { ...inner, list };
}

function withoutRepeats(list: readonly Scalar[]): readonly Scalar[] {
  const seen = new Set<string>();
  const kept = list.filter((item) => {
    if (item.kind !== 'literal') return true;
    const text = printValue(item.value, item.type);
    return !seen.has(text) && seen.add(text);
  });
  return kept.length === list.length ? list : kept;
}

function equality({ arg, span }: InScalar, item: Scalar): Scalar | undefined {
  const overload = lookupOperator('=', 2)?.overloads.find((o) => {
    const [type] = o.args;
    return typeof type === 'object' && sameType(type, arg.type);
  });
  if (!overload || !sameType(arg.type, item.type)) return undefined;
  return { kind: 'call', type: types.bool, name: '=', overload, args: [arg, item], ...(span && { span }) };
}
