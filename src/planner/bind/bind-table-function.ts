// Functions in FROM: one or several side by side, whose rows become columns.
import { fail, listOf, lookupFunction, type Span, type SqlType, types } from '../../core/index.js';
import type { CallExpr, ColumnDef, FunctionRef } from '../../parser/index.js';
import type { ProjectItem, TableFunction } from '../logical/logical-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import { ExpressionBinder } from './bind-expression.js';
import { type BoundFrom, renamed } from './bind-from.js';
import { bindNativeCall, isNativeCall } from './bind-native.js';
import type { QueryBinder } from './bind-query.js';
import { resolveSeries, unnesting } from './bind-set-returning.js';
import { bindTypeName } from './bind-type-name.js';
import { orderedArguments } from './call-arguments.js';
import { castScalar, recordArgument } from './coerce.js';
import { foldName } from './environment.js';
import { keywordRows } from './keyword-rows.js';
import type { Column, Scalar } from './scalar.js';
import type { Scope, ScopeRelation } from './scope.js';

type ListType = Extract<SqlType, { kind: 'list' }>;
type SeriesCall = TableFunction['calls'][number];

export function bindTableFunction(binder: QueryBinder, ref: FunctionRef, scope: Scope): BoundFrom {
  const { context } = binder;
  const native = ref.calls.find(isNativeCall);
  if (native) return bindNative(binder, ref, native);
  const expressions = new ExpressionBinder(binder.host('functions in FROM', scope.owner), scope);
  const single = ref.calls.length === 1 && !ref.ordinality ? ref.calls[0]! : undefined;
  if (single && !isSeries(single) && foldName(single.name.at(-1)!) !== 'pg_get_keywords')
    return bindScalarFunction(binder, ref, single, expressions);
  if (ref.columnDefs.length > 0 && ref.calls.length > 1)
    throw fail('syntax_error', 'ROWS FROM() with multiple functions cannot have a column definition list', {
      span: ref.span,
      hint: 'Put a separate column definition list for each function inside ROWS FROM().',
    });
  const calls = ref.calls.flatMap((call, at): SeriesCall[] => {
    const name = foldName(call.name.at(-1)!);
    const columns = (type: SqlType) => columnsOf(binder, name, type);
    if (name === 'pg_get_keywords' && call.args.length === 0) {
      const list = keywordRows();
      return [{ name, overload: unnesting(), args: [list], columns: columns((list.type as ListType).element) }];
    }
    if (!isSeries(call)) {
      // A function of one value gives one row.
      const expr = bindRecordCall(expressions, call, definitions(ref, at), ref.span);
      const list: Scalar = { kind: 'list', type: listOf(expr.type), elements: [expr], span: call.span };
      return [{ name, overload: unnesting(), args: [list], columns: columns(expr.type) }];
    }
    const entry = lookupFunction(name)!;
    const args = orderedArguments(expressions, call, entry);
    // unnest(a, b) is unnest(a) beside unnest(b).
    const groups = name === 'unnest' ? args.map((a) => [a]) : [args];
    return groups.map((group) => {
      const bound = resolveSeries(entry, group, call, (type) => recordType(definitions(ref, at), type, ref.span));
      return { name, overload: bound.overload, args: bound.args, columns: columns(bound.type) };
    });
  });
  const ordinality = ref.ordinality ? context.column('ordinality', types.int8) : undefined;
  const columns = [...calls.flatMap((c) => c.columns), ...(ordinality ? [ordinality] : [])];
  const [first] = calls;
  const alone = calls.length === 1 && first!.columns.length === 1 ? first!.columns[0]! : undefined;
  const lends = alone?.name === first!.name;
  const isSingle = lends || (alone !== undefined && alone.name === lookupFunction(first!.name)?.column);
  return {
    plan: { kind: 'table_function', calls, ...(ordinality && { ordinality }) },
    relations: [functionRelation(ref, first!.name, columns, lends, isSingle)],
  };
}

/** A native query's rows: its columns are called as its paths are. */
function bindNative(binder: QueryBinder, ref: FunctionRef, call: CallExpr): BoundFrom {
  if (ref.calls.length > 1 || ref.ordinality || ref.columnDefs.length > 0)
    throw fail('feature_not_supported', 'skyhook.native stands alone: it has its own columns and their order', {
      span: ref.span,
    });
  const { plan, columns } = bindNativeCall(binder.context, call);
  const scoped = renamed(
    columns.map((column) => ({ column })),
    ref.alias,
  );
  return { plan, relations: [{ name: ref.alias ? foldName(ref.alias.name) : 'native', columns: scoped }] };
}

/** The column definitions of a call: its own inside ROWS FROM, else the alias's. */
const definitions = (ref: FunctionRef, at: number): readonly ColumnDef[] => {
  const own = ref.callDefs?.[at];
  return own && own.length > 0 ? own : ref.columnDefs;
};

const isSeries = (call: CallExpr): boolean => lookupFunction(foldName(call.name.at(-1)!))?.kind === 'table';

/** A record's fields are columns; one column is called by the function unless the function says how. */
function columnsOf({ context }: QueryBinder, name: string, type: SqlType): Column[] {
  if (type.kind === 'struct' && type.row) return type.fields.map((field) => context.column(field.name, field.type));
  return [context.column(lookupFunction(name)?.column ?? name, type)];
}

/** What `AS t(a int, b text)` says of the record that a function gives; records that are known need it not. */
function recordType(columnDefs: readonly ColumnDef[], type: SqlType, span: Span): SqlType {
  const isOpen = type.kind === 'struct' && type.row === true && /^(?:f\d+)?$/.test(type.fields[0]?.name ?? '');
  if (columnDefs.length === 0) {
    if (isOpen && type.fields.length === 0)
      throw fail('syntax_error', 'a column definition list is required for functions returning "record"', { span });
    return type;
  }
  if (!isOpen)
    throw fail('syntax_error', 'a column definition list is only allowed for functions returning "record"', { span });
  return {
    kind: 'struct',
    row: true,
    fields: columnDefs.map((def) => ({ name: foldName(def.name), type: bindTypeName(def.type) })),
  };
}

/** A scalar function's call; one that gives a record has the type that the column definitions say. */
function bindRecordCall(
  expressions: ExpressionBinder,
  call: CallExpr,
  columnDefs: readonly ColumnDef[],
  span: Span,
): Scalar {
  const bound = expressions.operand(call);
  const type = recordType(columnDefs, bound.type, span);
  return type === bound.type ? bound : asRecord(bound, type);
}

/** The call with its record's type; a first argument of that type has it too. */
function asRecord(scalar: Scalar, type: SqlType): Scalar {
  if (scalar.kind !== 'call') return castScalar(scalar, type, false);
  const args = scalar.args.map((arg) => (arg.type === scalar.type ? recordArgument(arg, type) : arg));
  return { ...scalar, type, args };
}

/** A function of one column that has an alias lends it to the column. */
function functionRelation(
  ref: FunctionRef,
  name: string,
  columns: readonly Column[],
  lends: boolean,
  single = lends,
): ScopeRelation {
  const { alias } = ref;
  const scoped = renamed(
    columns.map((column) => ({ column })),
    alias,
  );
  if (alias && alias.columns.length === 0 && lends)
    scoped[0] = { column: { ...scoped[0]!.column, name: foldName(alias.name) } };
  const isAlone = scoped.length === 1 && !ref.ordinality && single;
  return { name: alias ? foldName(alias.name) : name, columns: scoped, ...(isAlone && { single: true }) };
}

/** `FROM abs(-1)`: one row. */
function bindScalarFunction(
  binder: QueryBinder,
  ref: FunctionRef,
  call: CallExpr,
  expressions: ExpressionBinder,
): BoundFrom {
  const { context } = binder;
  const name = foldName(call.name.at(-1)!);
  const expr = bindRecordCall(expressions, call, definitions(ref, 0), ref.span);
  const column = context.column(name, expr.type);
  const row = {
    kind: 'project',
    input: { kind: 'values', columns: [], rows: [[]] },
    items: [{ column, expr }],
  } as const;
  const { type } = expr;
  if (type.kind !== 'struct' || !type.row)
    return { plan: row, relations: [functionRelation(ref, name, [column], true)] };
  const items = type.fields.map(
    (field, index): ProjectItem => ({
      column: context.column(field.name, field.type),
      expr: { kind: 'field', type: field.type, arg: columnRef(column), index },
    }),
  );
  return {
    plan: { kind: 'project', input: row, items },
    relations: [
      functionRelation(
        ref,
        name,
        items.map((i) => i.column),
        false,
      ),
    ],
  };
}
