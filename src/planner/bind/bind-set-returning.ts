// Set-returning functions of a select list: columns that plan nodes of their own make.
import {
  type FunctionEntry,
  fail,
  listOf,
  lookupFunction,
  type Overload,
  printSqlType,
  type SqlType,
  sameType,
  sqlTypeOf,
} from '../../core/index.js';
import type { CallExpr } from '../../parser/index.js';
import type { LogicalPlan, ProjectSet } from '../logical/logical-plan.js';
import { columnRef, columnsOf } from '../logical/walk-scalar.js';
import { castScalar, recordArgument } from './coerce.js';
import type { BindContext } from './environment.js';
import { type Resolved, refuseUnknown, resolveOverload, resultType } from './resolve-overload.js';
import { sameArguments } from './same-scalar.js';
import type { Column, Scalar } from './scalar.js';

type SeriesItem = ProjectSet['items'][number];

/**
 * The overload of a set-returning call, its arguments cast, and the type of its rows.
 * @param record what type a record has
 */
export function resolveSeries(
  entry: FunctionEntry,
  args: readonly Scalar[],
  call: CallExpr,
  record: (type: SqlType) => SqlType = (type) => type,
): { overload: Resolved['overload']; args: readonly Scalar[]; type: SqlType } {
  const resolved = resolveOverload(
    entry.overloads,
    args.map((a) => a.type),
  );
  if (!resolved || resolved === 'ambiguous') {
    const shown = `${entry.name}(${args.map((a) => printSqlType(a.type)).join(', ')})`;
    throw resolved
      ? fail('ambiguous_function', `function ${shown} is not unique`, { span: call.span })
      : fail('undefined_function', `function ${shown} does not exist`, {
          span: call.span,
          hint: 'No function matches these argument types. Explicit casts might help.',
        });
  }
  refuseUnknown(
    resolved.overload,
    args.map((a) => a.type),
    call.span,
  );
  const cast = args.map((a, i) => castScalar(a, resolved.argTypes[i]!, false));
  const constants = cast.map((a) => (a.kind === 'literal' ? a.value : undefined));
  const { overload } = resolved;
  const plain = sqlTypeOf(resultType(overload, resolved.argTypes, constants));
  const type = record(plain);
  const names = cast.map((_, i) => `a${i}`);
  const hasSql = overload.duckdb?.(names, { argTypes: cast.map((a) => a.type), type }) !== undefined;
  if (hasSql) {
    // Records of unnest take the types that column definitions say.
    const args = type === plain ? cast : cast.map((arg) => castScalar(arg, listOf(type), false));
    return { overload, args, type };
  }
  const of = type === plain ? cast : cast.map((arg) => (sameType(arg.type, plain) ? recordArgument(arg, type) : arg));
  // Where the engine cannot make the rows, their list is computed first.
  const list = { kind: 'call', type: listOf(type), name: entry.name, overload, args: of, span: call.span } as const;
  return { overload: unnesting(), args: [list], type };
}

/** The rows of a list. */
export const unnesting = (): Overload => lookupFunction('unnest')!.overloads[0]!;

export class SetReturning {
  readonly #context: BindContext;
  readonly #items: SeriesItem[] = [];

  constructor(context: BindContext) {
    this.#context = context;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  has(column: Column): boolean {
    return this.#items.some((item) => item.column === column);
  }

  add(call: CallExpr, entry: FunctionEntry, args: readonly Scalar[]): Scalar {
    const bound = resolveSeries(entry, args, call);
    const known = this.#items.find((i) => i.overload === bound.overload && sameArguments(i.args, bound.args));
    if (known) return { ...columnRef(known.column), span: call.span };
    const column = this.#context.column(entry.name, bound.type);
    this.#items.push({ column, name: entry.name, overload: bound.overload, args: bound.args });
    return { ...columnRef(column), span: call.span };
  }

  /** `input` with the chosen functions' columns; those that take another's rows stand above it. */
  over(input: LogicalPlan, chosen: (item: SeriesItem) => boolean, place = (scalar: Scalar) => scalar): LogicalPlan {
    let pending = this.#items.filter(chosen).map((item) => ({ ...item, args: item.args.map(place) }));
    let plan = input;
    while (pending.length > 0) {
      const later = new Set(pending.map((item) => item.column.id));
      const ready = pending.filter((item) => ![...columnsOf(...item.args).keys()].some((id) => later.has(id)));
      if (ready.length === 0) throw new Error('set-returning functions that wait for each other');
      plan = alone(plan, ready) ?? { kind: 'project_set', input: plan, items: ready };
      pending = pending.filter((item) => !ready.includes(item));
    }
    return plan;
  }
}

/** Over no table: the rows of functions in FROM. */
function alone(input: LogicalPlan, items: readonly SeriesItem[]): LogicalPlan | undefined {
  if (input.kind !== 'values' || input.columns.length > 0 || input.rows.length !== 1) return undefined;
  if (items.some(({ column: { type } }) => type.kind === 'struct' && type.row)) return undefined;
  return { kind: 'table_function', calls: items.map(({ column, ...call }) => ({ ...call, columns: [column] })) };
}
