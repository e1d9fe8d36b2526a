// Expressions over one row of a table outside of any query: defaults, generated columns, constraints, COPY's WHERE.
import { castKind, fail, printSqlType, type Span, type SqlType, sqlTypeOf, types } from '../../core/index.js';
import type { Expr } from '../../parser/index.js';
import { ExpressionBinder, type ExpressionHost } from './bind-expression.js';
import { assigned } from './bind-insert.js';
import { QueryBinder } from './bind-query.js';
import { castScalar, coerce } from './coerce.js';
import { BindContext, type BindEnvironment } from './environment.js';
import { inStyle } from './in-style.js';
import type { Column, Scalar } from './scalar.js';
import { Scope } from './scope.js';

export interface RowTable {
  /** What the columns may be qualified by. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}

export class RowExpressions {
  /** Of the tables, one after the other, which the expressions refer to. */
  readonly columns: readonly Column[];
  readonly #binder: QueryBinder;
  readonly #scope = new Scope(undefined);
  readonly #environment: BindEnvironment;

  /** @param tables one, or several that are side by side in a row */
  constructor(tables: readonly RowTable[], environment: BindEnvironment) {
    this.#environment = environment;
    const context = new BindContext(environment, 'sql');
    this.#binder = new QueryBinder(context);
    this.columns = tables.flatMap(({ name, columns }) => {
      const bound = columns.map((column) => context.column(column.name, column.type));
      this.#scope.relations.push({ name, columns: bound.map((column) => ({ column })) });
      return bound;
    });
  }

  /** A truth value. @param clause as PostgreSQL's errors call it: `WHERE`; `where` as they say what is not allowed there */
  condition(expr: Expr, clause: string, where: string): Scalar {
    return inStyle(this.#environment, () =>
      coerce(this.#expressions(where).bind(expr), types.bool, `argument of ${clause}`),
    );
  }

  /** What is assigned to a column. @param ofRow whether it may refer to the row's columns */
  value(expr: Expr, position: number, where: string, ofRow: boolean): Scalar {
    const { name, type } = this.columns[position]!;
    return inStyle(this.#environment, () => {
      const bound = this.#expressions(where, ofRow ? this.#scope : new Scope(undefined)).operand(expr);
      return assigned(bound, { ...this.columns[position]!, name, type: sqlTypeOf(type) });
    });
  }

  /** An argument of EXECUTE. */
  argument(expr: Expr, type: SqlType, position: number): Scalar {
    if (expr.kind === 'default')
      throw fail('syntax_error', 'DEFAULT is not allowed in this context', { span: expr.span });
    return inStyle(this.#environment, () => this.#executeArgument(expr, type, position));
  }

  #executeArgument(expr: Expr, type: SqlType, position: number): Scalar {
    const bound = this.#expressions('EXECUTE parameter', new Scope(undefined)).operand(expr);
    const kind = castKind(bound.type, type);
    if (bound.type.kind !== 'unknown' && (kind === undefined || kind === 'explicit'))
      throw fail(
        'datatype_mismatch',
        `parameter $${position} of type ${printSqlType(bound.type)} cannot be coerced to the expected type ${printSqlType(type)}`,
        { span: expr.span, hint: 'You will need to rewrite or cast the expression.' },
      );
    return castScalar(bound, type, false);
  }

  #expressions(where: string, scope = this.#scope): ExpressionBinder {
    const refused = (span: Span, what: string) =>
      fail('feature_not_supported', `cannot use ${what} in ${where}`, { span });
    const host: ExpressionHost = {
      ...this.#binder.host(`${where}s`),
      subquery: (query) => {
        throw refused(query.span, 'subquery');
      },
    };
    return new ExpressionBinder(host, scope);
  }
}
