// Whether fragments can run an expression exactly, and if not, why.

import type { AggregateOpcode } from '../../core/index.js';
import {
  aggregateOpcodes,
  histogramOf,
  isFragmentType,
  isOpcode,
  kernelCasts,
  kernelSupports,
  opcodes,
  printSqlType,
  stateTypes,
  types,
} from '../../core/index.js';
import type { AggregateCall, Scalar } from '../bind/scalar.js';
import { spineOf } from '../logical/walk-scalar.js';

/** `exact` keeps no residual; `inexact` lets through a superset of the rows: `weaker` is pushed and the whole stays as residual. */
export type KernelVerdict =
  | { readonly verdict: 'exact' }
  | { readonly verdict: 'inexact'; readonly weaker: Scalar; readonly reason: string }
  | { readonly verdict: 'none'; readonly reason: string };

export function kernelVerdict(predicate: Scalar): KernelVerdict {
  const reason = whyNotKernel(predicate);
  if (reason === undefined) return { verdict: 'exact' };
  const weaker = weaken(predicate);
  return weaker ? { verdict: 'inexact', weaker, reason } : { verdict: 'none', reason };
}

/** A predicate fragments can run that is true wherever `predicate` is. */
function weaken(predicate: Scalar): Scalar | undefined {
  if (predicate.kind === 'and') {
    const args = predicate.args.flatMap((arg) => weaken(arg) ?? []);
    return args.length === 0 ? undefined : args.length === 1 ? args[0] : { ...predicate, args };
  }
  if (predicate.kind === 'or') {
    const args = predicate.args.map(weaken);
    return args.every((arg) => arg !== undefined) ? { ...predicate, args } : undefined;
  }
  return whyNotKernel(predicate) === undefined ? predicate : undefined;
}

export const isKernel = (scalar: Scalar): boolean => whyNotKernel(scalar) === undefined;

/** `undefined` where fragments run it with the same bits. */
export function whyNotKernel(scalar: Scalar): string | undefined {
  const { calls, bottom } = spineOf(scalar);
  for (const call of calls) {
    const reason = whyNotCall(call);
    if (reason !== undefined) return reason;
  }
  const reason = whyNotBottom(bottom);
  if (reason !== undefined) return reason;
  // A reduction runs over the elements of its first argument; the others are values of the row.
  for (const call of calls.toReversed())
    for (const arg of call.args.slice(1)) {
      const other = whyNotKernel(arg);
      if (other !== undefined) return other;
    }
  return undefined;
}

/** Arguments aside. */
function whyNotCall({ overload, args, name, type }: Extract<Scalar, { kind: 'call' }>): string | undefined {
  if (!isFragmentType(type)) return `type ${printSqlType(type)} is not one of the kernel's`;
  const argTypes = args.map((a) => a.type);
  if (kernelSupports(overload.kernel, argTypes, type)) return undefined;
  return `${name}(${argTypes.map(printSqlType).join(', ')}) is not a kernel operation`;
}

function whyNotBottom(scalar: Scalar): string | undefined {
  if (!isFragmentType(scalar.type)) return `type ${printSqlType(scalar.type)} is not one of the kernel's`;
  const first = (scalars: readonly Scalar[]): string | undefined => {
    for (const s of scalars) {
      const reason = whyNotKernel(s);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
  switch (scalar.kind) {
    case 'literal':
    case 'column':
      return undefined;
    case 'call':
      return whyNotCall(scalar);
    case 'cast':
      if (!kernelCasts(scalar.arg.type, scalar.type))
        return `the cast from ${printSqlType(scalar.arg.type)} to ${printSqlType(scalar.type)} is not a kernel operation`;
      return whyNotKernel(scalar.arg);
    case 'and':
    case 'or':
    case 'coalesce':
      return first(scalar.args);
    case 'not':
    case 'is_null':
      return whyNotKernel(scalar.arg);
    case 'case':
      return first([...scalar.branches.flatMap((b) => [b.when, b.then]), scalar.otherwise]);
    case 'in':
      if (scalar.list.some((s) => s.kind !== 'literal'))
        return 'IN of values that are not constant is not a kernel operation';
      if (!opcodes.in.accepts([scalar.arg.type], types.bool))
        return `IN over ${printSqlType(scalar.arg.type)} is not a kernel operation`;
      return whyNotKernel(scalar.arg);
    case 'list_map':
      return first([...scalar.params.map((p) => p.list), scalar.body]);
    case 'list_filter':
      return first([scalar.list, scalar.body]);
    case 'list':
      return 'a list made from values is not a kernel operation';
    case 'struct':
    case 'field':
      return 'a struct is not a kernel operation';
    case 'subquery':
      return 'a subquery runs in DuckDB';
  }
}

const aggregateOps: ReadonlySet<string> = new Set(aggregateOpcodes);

/** `undefined` where partial states of the aggregate can be made by fragments and merged exactly. */
export function whyNotKernelAggregate(call: AggregateCall): string | undefined {
  const { kernel } = call.overload;
  if (kernel === undefined || !aggregateOps.has(kernel)) return `${call.name} has no partial form`;
  if (call.distinct) return `${call.name}(DISTINCT …) needs all values in one place`;
  if (call.orderBy.length > 0) return `${call.name}(… ORDER BY …) needs all values in one place`;
  if (!stateTypes(kernel as AggregateOpcode, call.args[0]?.type))
    return `${call.name}(${call.args.map((a) => printSqlType(a.type)).join(', ')}) has no partial form`;
  if (kernel === 'hist' && !histogramOf(call.args.slice(1).map((a) => (a.kind === 'literal' ? a.value : undefined))))
    return 'hist without constant bounds and bins has no partial form';
  for (const s of [...call.args, ...(call.filter ? [call.filter] : [])]) {
    const reason = whyNotKernel(s);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

export const opcodeOf = (scalar: Scalar): string | undefined =>
  scalar.kind === 'call' && scalar.overload.kernel !== undefined && isOpcode(scalar.overload.kernel)
    ? scalar.overload.kernel
    : undefined;
