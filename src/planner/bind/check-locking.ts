// FOR UPDATE and its kin: there is nothing to lock here, but what PostgreSQL refuses is refused.
import { fail } from '../../core/index.js';
import type { FromItem, LockingClause, Name, QualifiedName, QueryBody, Select } from '../../parser/index.js';
import { foldName } from './environment.js';

const wordsOf = (clause: LockingClause): string => `FOR ${clause.strength.toUpperCase()}`;

/** Of a query that is no SELECT. */
export function checkBodyLocking(locking: readonly LockingClause[], body: QueryBody): void {
  const [clause] = locking;
  if (!clause || body.kind === 'select' || body.kind === 'query') return;
  const { span } = clause;
  throw body.kind === 'values'
    ? fail('feature_not_supported', `${wordsOf(clause)} cannot be applied to VALUES`, { span })
    : fail('feature_not_supported', `${wordsOf(clause)} is not allowed with UNION/INTERSECT/EXCEPT`, { span });
}

/** @param made what the select list and ORDER BY turned out to hold */
export function checkLocking(
  locking: readonly LockingClause[],
  select: Select,
  made: { readonly aggregates: boolean; readonly windows: boolean; readonly series: boolean },
  isCte: (name: Name) => boolean,
): void {
  for (const clause of locking) {
    const with_ =
      (select.distinct !== false && 'DISTINCT clause') ||
      (select.groupBy.length > 0 && 'GROUP BY clause') ||
      (select.having && 'HAVING clause') ||
      (made.aggregates && 'aggregate functions') ||
      (made.windows && 'window functions') ||
      (made.series && 'set-returning functions in the target list');
    if (with_)
      throw fail('feature_not_supported', `${wordsOf(clause)} is not allowed with ${with_}`, { span: clause.span });
    const sources = select.from.flatMap((item) => sourcesOf(item, false));
    for (const name of clause.of) checkTable(clause, name, sources, isCte);
    const nullable = clause.of.length === 0 ? sources.find((s) => s.nullable && s.item.kind === 'table') : undefined;
    if (nullable) throw onNullableSide(clause);
  }
}

interface Source {
  readonly item: FromItem;
  readonly nullable: boolean;
}

function checkTable(
  clause: LockingClause,
  name: QualifiedName,
  sources: readonly Source[],
  isCte: (name: Name) => boolean,
): void {
  const span = name[0]!.span;
  if (name.length > 1)
    throw fail('syntax_error', `${wordsOf(clause)} must specify unqualified relation names`, { span });
  const wanted = foldName(name[0]!);
  const found = sources.find(({ item }) => nameOf(item) === wanted);
  if (!found)
    throw fail('undefined_table', `relation "${wanted}" in ${wordsOf(clause)} clause not found in FROM clause`, {
      span,
    });
  const { item, nullable } = found;
  const what =
    item.kind === 'join'
      ? 'a join'
      : item.kind === 'function_ref'
        ? 'a function'
        : item.kind === 'table' && item.name.length === 1 && isCte(item.name[0]!)
          ? 'a WITH query'
          : undefined;
  if (what) throw fail('feature_not_supported', `${wordsOf(clause)} cannot be applied to ${what}`, { span });
  if (nullable) throw onNullableSide(clause);
}

function onNullableSide(clause: LockingClause) {
  return fail('feature_not_supported', `${wordsOf(clause)} cannot be applied to the nullable side of an outer join`, {
    span: clause.span,
  });
}

/** The items that have a name; a join without an alias shows what it joins. */
function sourcesOf(item: FromItem, nullable: boolean): Source[] {
  if (item.kind !== 'join' || item.alias) return [{ item, nullable }];
  const { type, left, right } = item;
  return [
    ...sourcesOf(left, nullable || type === 'right' || type === 'full'),
    ...sourcesOf(right, nullable || type === 'left' || type === 'full'),
  ];
}

function nameOf(item: FromItem): string | undefined {
  if (item.alias) return foldName(item.alias.name);
  if (item.kind === 'table') return item.name.at(-1) && foldName(item.name.at(-1)!);
  return item.kind === 'function_ref' ? foldName(item.calls[0]!.name.at(-1)!) : undefined;
}
