// Queries that statements are rewritten into.
import type { Span } from '../../core/index.js';
import type { Expr, FromItem, Name, Query, QueryBody, SelectItem, With } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';

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

/** With the CTEs of a statement around it; its own hide those of the same name. */
export const withCtes = (query: Query, outer: With | undefined): Query => {
  const clause = joinedWith(outer, query.with);
  return clause ? { ...query, with: clause } : query;
};

export function joinedWith(outer: With | undefined, inner: With | undefined): With | undefined {
  if (!outer || !inner) return outer ?? inner;
  const hidden = new Set(inner.ctes.map(({ name }) => foldName(name)));
  return {
    recursive: outer.recursive || inner.recursive,
    ctes: [...outer.ctes.filter(({ name }) => !hidden.has(foldName(name))), ...inner.ctes],
    span: inner.span,
  };
}

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
