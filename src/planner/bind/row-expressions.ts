// Expressions over one row of a table outside of any query: defaults, generated columns, constraints, COPY's WHERE.
import { fail, type Span, type SqlType, sqlTypeOf, types } from '../../core/index.js';
import type { Expr } from '../../parser/index.js';
import { ExpressionBinder, type ExpressionHost } from './bind-expression.js';
import { assigned } from './bind-insert.js';
import { QueryBinder } from './bind-query.js';
import { coerce } from './coerce.js';
import { BindContext, type BindEnvironment } from './environment.js';
import type { Column, Scalar } from './scalar.js';
import { Scope } from './scope.js';

export interface RowTable {
  /** What the columns may be qualified by. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}

export class RowExpressions {
  /** The table's, which the expressions refer to. */
  readonly columns: readonly Column[];
  readonly #binder: QueryBinder;
  readonly #scope = new Scope(undefined);

  constructor({ name, columns }: RowTable, environment: BindEnvironment) {
    const context = new BindContext(environment, 'sql');
    this.#binder = new QueryBinder(context);
    this.columns = columns.map((column) => context.column(column.name, column.type));
    this.#scope.relations.push({ name, columns: this.columns.map((column) => ({ column })) });
  }

  /** A truth value. @param clause as PostgreSQL's errors call it: `WHERE`, `CHECK` */
  condition(expr: Expr, clause: string, where: string): Scalar {
    return coerce(this.#expressions(where).bind(expr), types.bool, `argument of ${clause}`);
  }

  /** What is assigned to a column. @param ofRow whether it may refer to the row's columns */
  value(expr: Expr, position: number, where: string, ofRow: boolean): Scalar {
    const { name, type } = this.columns[position]!;
    const bound = this.#expressions(where, ofRow ? this.#scope : new Scope(undefined)).operand(expr);
    return assigned(bound, { ...this.columns[position]!, name, type: sqlTypeOf(type) });
  }

  #expressions(where: string, scope = this.#scope): ExpressionBinder {
    const refused = (span: Span, what: string) =>
      fail('feature_not_supported', `cannot use ${what} in ${where}`, { span });
    const host: ExpressionHost = {
      ...this.#binder.host(where),
      subquery: (query) => {
        throw refused(query.span, 'subquery');
      },
    };
    return new ExpressionBinder(host, scope);
  }
}
