// JOIN: conditions, the columns that USING and NATURAL merge, and the names a join may have.
import { fail, sqlTypeOf, types } from '../../core/index.js';
import type { JoinRef, Name } from '../../parser/index.js';
import type { LogicalPlan, ProjectItem } from '../logical/logical-plan.js';
import { outputColumns } from '../logical/walk-plan.js';
import { columnRef } from '../logical/walk-scalar.js';
import { ExpressionBinder } from './bind-expression.js';
import { type BoundFrom, bindFromItem, renamed } from './bind-from.js';
import type { QueryBinder } from './bind-query.js';
import { castScalar, coerce, commonType } from './coerce.js';
import { foldName, matchName } from './environment.js';
import type { Column, Scalar } from './scalar.js';
import { Scope, type ScopeRelation } from './scope.js';

export function bindJoin(binder: QueryBinder, join: JoinRef, scope: Scope): BoundFrom {
  const left = optionalIn(['right', 'full'], binder, join, bindFromItem(binder, join.left, scope));
  const lateral = new Scope(scope.parent);
  lateral.owner = scope.owner;
  const outOfReach = join.type === 'right' || join.type === 'full';
  lateral.relations.push(...scope.relations, ...left.relations.map((r) => (outOfReach ? { ...r, outOfReach } : r)));
  const right = optionalIn(['left', 'full'], binder, join, bindFromItem(binder, join.right, lateral));
  for (const relation of right.relations)
    if (relation.name && left.relations.some((r) => r.name === relation.name && r.dataset === relation.dataset))
      throw fail('duplicate_alias', `table name "${relation.name}" specified more than once`, {
        span: join.right.span,
      });
  const bound = joined(binder, join, left, right, scope);
  if (!join.alias) return bound;
  // An alias hides the names inside.
  const inside = new Scope();
  inside.relations.push(...bound.relations);
  const columns = inside.starColumns().map((column) => ({ column }));
  return { plan: bound.plan, relations: [{ name: foldName(join.alias.name), columns: renamed(columns, join.alias) }] };
}

/** Rows of a side that an outer join may miss are marked where the statement asks for it. */
function optionalIn(
  outer: readonly JoinRef['type'][],
  { context }: QueryBinder,
  join: JoinRef,
  side: BoundFrom,
): BoundFrom {
  if (!outer.includes(join.type)) return side;
  const mark = context.marksRows ? context.column('found', types.bool) : undefined;
  const found: Scalar = { kind: 'literal', type: types.bool, value: true };
  return {
    plan: mark ? withColumns(side.plan, [{ column: mark, expr: found }]) : side.plan,
    // The mark of an inner join's side goes missing with the outer one's rows.
    relations: side.relations.map((r) => (r.optional ? r : { ...r, optional: mark ? { mark } : {} })),
  };
}

function joined(binder: QueryBinder, join: JoinRef, left: BoundFrom, right: BoundFrom, scope: Scope): BoundFrom {
  const relations = [...left.relations, ...right.relations];
  const isLateral = (join.right.kind === 'query_ref' && join.right.lateral) || join.right.kind === 'function_ref';
  const base = { kind: 'join', left: left.plan, right: right.plan, lateral: isLateral } as const;
  const using = join.natural ? commonNames(left.relations, right.relations) : join.using;
  if (using) {
    const merged = mergeColumns(binder, join, using, left.relations, right.relations);
    const condition: Scalar | undefined =
      merged.on.length > 1 ? { kind: 'and', type: types.bool, args: merged.on } : merged.on[0];
    // Without a common column NATURAL joins everything; an outer join still is one.
    const type = !condition && join.type === 'inner' ? 'cross' : join.type;
    const plan: LogicalPlan = { ...base, type, ...(condition && { on: condition }) };
    return { plan: withColumns(plan, merged.computed), relations: merged.relations };
  }
  if (!join.on) return { plan: { ...base, type: 'cross' }, relations };
  const both = new Scope(scope.parent);
  both.owner = scope.owner;
  both.relations.push(...relations);
  const on = coerce(
    new ExpressionBinder(binder.host('JOIN conditions', scope.owner), both).bind(join.on),
    types.bool,
    'argument of JOIN/ON',
  );
  return { plan: { ...base, type: join.type, on }, relations };
}

function withColumns(input: LogicalPlan, computed: readonly ProjectItem[]): LogicalPlan {
  if (computed.length === 0) return input;
  const kept = outputColumns(input).map((column) => ({ column, expr: columnRef(column) }));
  return { kind: 'project', input, items: [...kept, ...computed] };
}

interface Merged {
  readonly on: readonly Scalar[];
  /** Merged columns that are neither side's own: of a FULL JOIN, or of another type. */
  readonly computed: readonly ProjectItem[];
  readonly relations: readonly ScopeRelation[];
}

/** Each pair of columns becomes one, which comes first in `*`; the two answer to their tables' names only. */
function mergeColumns(
  binder: QueryBinder,
  join: JoinRef,
  using: readonly Name[],
  left: readonly ScopeRelation[],
  right: readonly ScopeRelation[],
): Merged {
  const on: Scalar[] = [];
  const computed: ProjectItem[] = [];
  const merged: Column[] = [];
  const hidden = new Set<Column>();
  for (const [i, name] of using.entries()) {
    if (using.slice(0, i).some((n) => foldName(n) === foldName(name)))
      throw fail('duplicate_column', `column name "${name.text}" appears more than once in USING clause`, {
        span: name.span,
      });
    const l = columnNamed(name, left, 'left');
    const r = columnNamed(name, right, 'right');
    const type = commonType([sqlTypeOf(l.type), sqlTypeOf(r.type)], 'JOIN/USING', join.span);
    const [a, b] = [l, r].map((column) => castScalar(columnRef(column), type, false)) as [Scalar, Scalar];
    on.push(binder.equal(a, b, name.span));
    hidden.add(l).add(r);
    const isOfType = (c: Column): boolean => sqlTypeOf(c.type).kind === type.kind;
    // An inner join may show either side: the one that needs no cast.
    const fromRight = join.type === 'right' || (join.type === 'inner' && !isOfType(l) && isOfType(r));
    const own = join.type === 'full' ? undefined : fromRight ? r : l;
    if (own && isOfType(own)) {
      merged.push({ ...own, name: l.name });
      continue;
    }
    const column = binder.context.column(l.name, type);
    computed.push({
      column,
      expr: own ? castScalar(columnRef(own), type, false) : { kind: 'coalesce', type, args: [a, b] },
    });
    merged.push(column);
  }
  const rest = [...left, ...right].map((relation) => ({
    ...relation,
    columns: relation.columns.map((c) => (hidden.has(c.column) ? { ...c, qualifiedOnly: true } : c)),
  }));
  const relations: ScopeRelation[] = [{ name: undefined, columns: merged.map((column) => ({ column })) }, ...rest];
  if (join.usingAlias) {
    const name = foldName(join.usingAlias);
    if (rest.some((r) => r.name === name))
      throw fail('duplicate_alias', `table name "${name}" specified more than once`, { span: join.usingAlias.span });
    relations.push({
      name,
      columns: merged.map((column) => ({ column: { ...column }, qualifiedOnly: true })),
    });
  }
  return { on, computed, relations };
}

function columnNamed(name: Name, relations: readonly ScopeRelation[], side: string): Column {
  const columns = relations.flatMap((r) => r.columns).filter((c) => !c.qualifiedOnly);
  const found = matchName(name, columns, (c) => c.column.name, 'common column name');
  if (!found)
    throw fail('undefined_column', `column "${name.text}" specified in USING clause does not exist in ${side} table`, {
      span: name.span,
    });
  if (columns.filter((c) => c.column.name === found.column.name).length > 1)
    throw fail('ambiguous_column', `common column name "${name.text}" appears more than once in ${side} table`, {
      span: name.span,
    });
  return found.column;
}

function commonNames(left: readonly ScopeRelation[], right: readonly ScopeRelation[]): Name[] {
  const names = (relations: readonly ScopeRelation[]) =>
    relations.flatMap((r) => r.columns.filter((c) => !c.hidden && !c.qualifiedOnly).map((c) => c.column.name));
  const there = new Set(names(right));
  return names(left)
    .filter((n) => there.has(n))
    .map((text) => ({ text, quoted: true, span: { start: 0, end: 0 } }));
}
