// A value against any or all elements of a constant array: equality with one of them is IN, which engines look up in a set and partitions are
// pruned by; an order needs the extreme alone.
// Before: run = any('{1,2,3}')    After: run in (1, 2, 3)
// Before: run > all('{1,2,3}')    After: run > 3
import { compareValues, isNumberType, type SqlType, types } from '../../core/index.js';
import type { CallScalar, ColumnScalar, Scalar } from '../bind/scalar.js';
import { mapPlanScalars } from '../logical/walk-plan.js';
import { columnsOf, rewriteScalar, substitute } from '../logical/walk-scalar.js';
import { bottomUp } from './rule.js';

export const AnyToIn = bottomUp('AnyToIn', (node) => mapPlanScalars(node, anyToIn));

export const anyToIn = (scalar: Scalar): Scalar =>
  rewriteScalar(scalar, (inner) => (inner.kind === 'call' ? withoutLambda(inner) : inner));

function withoutLambda(call: CallScalar): Scalar {
  const [map] = call.args;
  const isAny = call.name === 'list_any';
  if ((!isAny && call.name !== 'list_all') || call.args.length !== 1 || map?.kind !== 'list_map') return call;
  const { params, body } = map;
  const [{ column, list }] = params as [(typeof params)[number]];
  const elements = params.length === 1 ? elementsOf(list) : undefined;
  if (!elements || body.kind !== 'call' || body.args.length !== 2) return call;
  const [arg, item] = body.args as [Scalar, Scalar];
  const element: Scalar = item.kind === 'cast' ? item.arg : item;
  if (!isColumn(element) || element.column.id !== column.id || columnsOf(arg).has(column.id)) return call;
  const place = call.span && { span: call.span };
  if (elements.length === 0) return { kind: 'literal', type: types.bool, value: !isAny, ...place };
  const values = elements.map((value) => substitute(item, new Map([[column.id, value]])));
  if (body.name === (isAny ? '=' : '<>')) {
    if (!isComparedAsIn(arg.type, item.type)) return call;
    const within: Scalar = { kind: 'in', type: types.bool, arg, list: values, ...place };
    return isAny ? within : { kind: 'not', type: types.bool, arg: within, ...place };
  }
  // A cast keeps the order of numbers alone.
  const keepsOrder = item.kind === 'column' || (isNumberType(item.type) && isNumberType(column.type));
  const extreme = keepsOrder && extremeFor(body.name, isAny);
  const found = extreme && extremeOf(elements, extreme, column.type);
  return found ? { ...body, args: [arg, substitute(item, new Map([[column.id, found]]))] } : call;
}

const isColumn = (scalar: Scalar): scalar is ColumnScalar => scalar.kind === 'column';

/** `undefined` of NULL, and of what is no constant. */
function elementsOf(list: Scalar): readonly Scalar[] | undefined {
  if (list.kind === 'list') return list.elements.every((e) => e.kind === 'literal') ? list.elements : undefined;
  if (list.kind !== 'literal' || list.type.kind !== 'list' || !Array.isArray(list.value)) return undefined;
  const { element } = list.type;
  return list.value.map((value): Scalar => ({ kind: 'literal', type: element, value }));
}

/** Blanks at the end count nowhere in `char`, and IN of lists and rows goes by their parts. */
const isComparedAsIn = (a: SqlType, b: SqlType): boolean =>
  a.kind === b.kind && !['char', 'list', 'struct', 'unknown'].includes(a.kind);

/** Which element decides whether the order holds for any, or for all. */
function extremeFor(operator: string, isAny: boolean): 'least' | 'greatest' | undefined {
  if (operator === '>' || operator === '>=') return isAny ? 'least' : 'greatest';
  if (operator === '<' || operator === '<=') return isAny ? 'greatest' : 'least';
  return undefined;
}

/** `undefined` where an element is NULL: then the answer may be. */
function extremeOf(elements: readonly Scalar[], which: 'least' | 'greatest', type: SqlType): Scalar | undefined {
  let found: Scalar | undefined;
  for (const element of elements) {
    if (element.kind !== 'literal' || element.value === null) return undefined;
    const order = found?.kind === 'literal' ? compareValues(element.value, found.value, type) : -1;
    if (found === undefined || (which === 'least' ? order < 0 : order > 0)) found = element;
  }
  return found;
}
