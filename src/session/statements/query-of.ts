// Queries that statements are rewritten into.
import type { Span } from '../../core/index.js';
import type { Expr, FromItem, Name, Query, QueryBody, SelectItem } from '../../parser/index.js';

export const nameOf = (text: string, span: Span): Name => ({ text, quoted: true, span });

export const columnOf = (parts: readonly Name[], span: Span): Expr => ({ kind: 'column', parts, span });

export const queryOf = (body: QueryBody, span: Span): Query => ({
  kind: 'query',
  body,
  orderBy: [],
  withTies: false,
  locking: [],
  span,
});

/** Some columns of a relation, all of its rows. */
export const allOf = (columns: readonly Expr[], from: FromItem): Query =>
  selectOf(
    columns.map((expr) => ({ kind: 'expr', expr, span: expr.span })),
    [from],
    undefined,
    from.span,
  );

export const selectOf = (
  items: readonly SelectItem[],
  from: readonly FromItem[],
  where: Expr | undefined,
  span: Span,
): Query =>
  queryOf(
    {
      kind: 'select',
      distinct: false,
      items,
      from,
      ...(where && { where }),
      groupBy: [],
      groupDistinct: false,
      windows: [],
      span,
    },
    span,
  );
