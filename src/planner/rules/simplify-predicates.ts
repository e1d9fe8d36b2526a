// Truth values are simplified: flat and/or, neutral and absorbing literals, double negation, duplicate terms.
// Before: not (not a) and (b and true) and a    After: a and b
// Where only truth counts, in a filter or a join's condition, NULL is as good as false.
import { types } from '../../core/index.js';
import type { LogicalScalar, Scalar } from '../bind/scalar.js';
import { ColumnNumbers, printScalar } from '../logical/print-scalar.js';
import { mapPlanScalars } from '../logical/walk-plan.js';
import { isTrue, isVolatile, mapScalarChildren, rewriteScalar } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const SimplifyPredicates = bottomUp('SimplifyPredicates', (node) => {
  const asTruth = node.kind === 'filter' || node.kind === 'join' || node.kind === 'scan';
  const simple = mapPlanScalars(node, (s) => simplifyPredicate(asTruth ? truthOnly(s) : s));
  return simple.kind === 'filter' && isTrue(simple.predicate) ? simple.input : simple;
});

/** NULL as false, as far as AND and OR hand it on. */
function truthOnly(predicate: Scalar): Scalar {
  if (predicate.kind === 'literal' && predicate.value === null) return { ...predicate, value: false };
  return predicate.kind === 'and' || predicate.kind === 'or' ? mapScalarChildren(predicate, truthOnly) : predicate;
}

export const simplifyPredicate = (scalar: Scalar): Scalar => rewriteScalar(scalar, simplifyNode);

function simplifyNode(inner: Scalar): Scalar {
  if (inner.kind === 'not' && inner.arg.kind === 'not') return inner.arg.arg;
  return inner.kind === 'and' || inner.kind === 'or' ? simplifyTerms(inner) : inner;
}

function simplifyTerms(scalar: LogicalScalar): Scalar {
  const neutral = scalar.kind === 'and';
  const flat = scalar.args.some((a) => a.kind === scalar.kind)
    ? scalar.args.flatMap((a) => (a.kind === scalar.kind ? a.args : [a]))
    : scalar.args;
  const terms = unique(flat.filter((a) => !(a.kind === 'literal' && a.value === neutral)));
  const absorbing = terms.find((a) => a.kind === 'literal' && a.value === !neutral);
  // An absorbed term may have raised an error; PostgreSQL does not promise that it does.
  if (absorbing) return absorbing;
  if (terms.length === 0) return { kind: 'literal', type: types.bool, value: neutral };
  if (terms.length === 1) return terms[0]!;
  return terms.length === scalar.args.length ? scalar : { ...scalar, args: terms };
}

/** Terms that print alike mean the same, as long as ids are printed and nothing is volatile. */
function unique(terms: readonly Scalar[]): readonly Scalar[] {
  if (terms.length > 100) return terms;
  const numbers = new ColumnNumbers();
  const seen = new Set<string>();
  return terms.filter((term) => {
    if (term.kind === 'subquery' || isVolatile(term)) return true;
    const text = `${printScalar(term, numbers)}`;
    if (text.includes('subquery') || !seen.has(text)) {
      seen.add(text);
      return true;
    }
    return false;
  });
}
