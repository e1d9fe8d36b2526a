// INSERT: the rows of a query or of VALUES, each column assigned to one of the table.
import {
  baseOf,
  castKind,
  type DiagnosticError,
  dimensionsOf,
  fail,
  isArray,
  printSqlType,
  type Span,
  type SqlType,
  sqlTypeOf,
  types,
} from '../../core/index.js';
import type { Expr, Query } from '../../parser/index.js';
import type { BoundQuery, LogicalPlan, ProjectItem } from '../logical/logical-plan.js';
import { valuesPlan } from '../logical/walk-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import { ExpressionBinder } from './bind-expression.js';
import { literalsOf, QueryBinder } from './bind-query.js';
import { castScalar, widened } from './coerce.js';
import { type BindContext, type BindEnvironment, inContext } from './environment.js';
import { inStyle } from './in-style.js';
import type { Column, Scalar } from './scalar.js';
import { Scope } from './scope.js';

export interface InsertTarget {
  readonly name: string;
  readonly type: SqlType;
}

export interface InsertSource {
  /** Absent for DEFAULT VALUES. */
  readonly query?: Query;
  /** All columns of the table, in order: those of the result. */
  readonly columns: readonly InsertTarget[];
  /** Which of them the source's columns go to. */
  readonly positions: readonly number[];
  /** Whether the statement lists them: then none may be left over. */
  readonly listed: boolean;
  /** What columns hold that are given nothing, by position; NULL where there is none. */
  readonly defaults?: ReadonlyMap<number, Expr>;
  /** Columns that take no value but DEFAULT, with the error that says so. */
  readonly onlyDefault?: ReadonlyMap<number, () => DiagnosticError>;
  /** Columns whose values are ignored, as if DEFAULT were there. */
  readonly ignored?: ReadonlySet<number>;
  /** Columns that a sequence fills: each has a flag behind the table's columns that is true where it is to. */
  readonly sequences?: readonly number[];
  readonly span: Span;
}

/** @throws DiagnosticError datatype_mismatch and syntax_error as PostgreSQL would */
export function bindInsert(source: InsertSource, environment: BindEnvironment): BoundQuery {
  return inStyle(environment, () => inContext(environment, 'sql', (context) => bindSource(source, context)));
}

function bindSource(source: InsertSource, context: BindContext): BoundQuery {
  const binder = new QueryBinder(context);
  const columns = source.columns.map(({ name, type }) => context.column(name, sqlTypeOf(type)));
  const { query, positions } = source;
  const { defaults, onlyDefault, ignored, sequences = [] } = source;
  const flags = sequences.map((c) => context.column(`default of ${columns[c]!.name}`, types.bool));
  const all = [...columns, ...flags];
  const output = all.map((column) => ({ column, label: column.name, type: column.type }));
  const ofDefaults = new ExpressionBinder(binder.host('DEFAULT expressions'), new Scope(undefined));
  const byDefault = (c: number): Scalar => {
    const expr = defaults?.get(c);
    return expr ? assigned(ofDefaults.operand(expr), columns[c]!) : nothing(columns[c]!);
  };
  const isGiven = (c: number, given: boolean): boolean => {
    if (!given || ignored?.has(c)) return false;
    const refused = onlyDefault?.get(c);
    if (refused) throw refused();
    return true;
  };
  const flag = (isDefault: boolean): Scalar => ({ kind: 'literal', type: types.bool, value: isDefault });
  const single = !query || (query.body.kind === 'values' && !query.with && query.orderBy.length === 0);
  if (single && !query?.limit && !query?.offset) {
    const rows = query?.body.kind === 'values' ? query.body.rows : [[]];
    const expressions = new ExpressionBinder(binder.host('VALUES'), new Scope(undefined));
    if (rows.some((row) => row.length !== rows[0]!.length))
      throw fail('syntax_error', 'VALUES lists must all be the same length', { span: source.span });
    const bound = rows.map((row) => {
      if (query) checkCount(source, row.length, row[positions.length]?.span);
      const byPosition = new Map(row.map((expr, i) => [positions[i]!, expr]));
      const given = (c: number) => {
        const expr = byPosition.get(c);
        return isGiven(c, expr !== undefined && expr.kind !== 'default');
      };
      const values = columns.map(
        (column, c): Scalar => (given(c) ? assigned(expressions.operand(byPosition.get(c)!), column) : byDefault(c)),
      );
      return [...values, ...sequences.map((c) => flag(!given(c)))];
    });
    return { plan: valuesPlan(all, bound), output };
  }
  const { plan, columns: given } = binder.bindQuery(query!, undefined);
  checkCount(source, given.length);
  const literals = literalsOf({ plan, columns: given });
  const byPosition = new Map(given.map((column, i) => [positions[i]!, literals.get(column) ?? columnRef(column)]));
  const items = columns.map((column, c): ProjectItem => {
    const scalar = byPosition.get(c);
    return { column, expr: isGiven(c, scalar !== undefined) ? assigned(scalar!, column) : byDefault(c) };
  });
  for (const [i, c] of sequences.entries())
    items.push({ column: flags[i]!, expr: flag(!isGiven(c, byPosition.has(c))) });
  return { plan: { kind: 'project', input: plan, items } satisfies LogicalPlan, output };
}

function checkCount({ positions, listed, span }: InsertSource, count: number, firstExtra = span): void {
  if (count > positions.length)
    throw fail('syntax_error', 'INSERT has more expressions than target columns', { span: firstExtra });
  if (listed && count < positions.length)
    throw fail('syntax_error', 'INSERT has more target columns than expressions', { span });
}

const nothing = ({ type }: Column): Scalar => ({ kind: 'literal', type, value: null });

/** @throws DiagnosticError datatype_mismatch where no cast of assignment exists */
export function assigned(scalar: Scalar, { name, type }: Column): Scalar {
  const wide = scalar.type.kind === 'unknown' ? scalar : widened(scalar);
  // One type in PostgreSQL, whose values say their dimensions.
  if (isArray(type) && isArray(wide.type) && dimensionsOf(type) !== dimensionsOf(wide.type))
    throw fail(
      'feature_not_supported',
      `column "${name}" holds arrays of ${dimensionsOf(type)} dimension(s), not of ${dimensionsOf(wide.type)}`,
      {
        span: scalar.span,
        hint: `Declare it as ${printSqlType(baseOf(type))}${'[]'.repeat(dimensionsOf(wide.type))}.`,
      },
    );
  const kind = castKind(wide.type, type);
  if (wide.type.kind !== types.unknown.kind && (kind === undefined || kind === 'explicit'))
    throw fail(
      'datatype_mismatch',
      `column "${name}" is of type ${printSqlType(type)} but expression is of type ${printSqlType(wide.type)}`,
      { span: scalar.span, hint: 'You will need to rewrite or cast the expression.' },
    );
  // As text first: a literal that is cut to its length without a word is an explicit cast's.
  const text = wide.type.kind === 'unknown' && (type.kind === 'varchar' || type.kind === 'char');
  return castScalar(text ? castScalar(wide, types.text, false) : wide, type, false);
}
