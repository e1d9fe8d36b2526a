// GROUP BY: its expressions, the sets of ROLLUP, CUBE and GROUPING SETS, and what may stand above them.
import { fail } from '../../core/index.js';
import { type Expr, type GroupItem, printExpr, type Select } from '../../parser/index.js';
import type { LogicalPlan, ProjectItem } from '../logical/logical-plan.js';
import { mapPlanInputs, mapPlanScalars } from '../logical/walk-plan.js';
import { columnRef, columnsOf, hasSubquery, rewriteScalar } from '../logical/walk-scalar.js';
import { ExpressionBinder, type ExpressionHost } from './bind-expression.js';
import { outputNamed } from './bind-query.js';
import { requireEquality, widened } from './coerce.js';
import { type BindContext, foldName } from './environment.js';
import { labelOf } from './label-of.js';
import { sameScalar } from './same-scalar.js';
import type { Column, Scalar } from './scalar.js';
import type { Scope, ScopeRelation } from './scope.js';

/** Grows while what stands above is bound: see {@link dependentGroup}. */
export interface BoundGroups {
  readonly items: ProjectItem[];
  /** Positions in `items`, per grouping set; absent where there is one set of all. */
  readonly sets?: readonly number[][];
}

interface GroupContext {
  readonly host: ExpressionHost;
  readonly scope: Scope;
  readonly context: BindContext;
  readonly isAggregate: (column: Column) => boolean;
}

/** PostgreSQL's limit: CUBE of n columns has 2^n sets. */
const mostSets = 4096;

type Selected = readonly { readonly label: string; readonly expr: Scalar; readonly ast?: Expr }[];

/** The item of this text; -1 where there is none. */
export const itemSpelled = (text: string, items: Selected): number =>
  items.findIndex((i) => i.ast && hasSubquery(i.expr) && printExpr(i.ast) === text);

export function bindGroups(select: Select, context: GroupContext, selected: Selected): BoundGroups {
  const items: ProjectItem[] = [];
  const expressions = new ExpressionBinder(context.host, context.scope);
  const add = (expr: Expr): number[] => {
    // `GROUP BY (a, b)` is `GROUP BY a, b`.
    if (expr.kind === 'row' && !expr.explicit) return expr.fields.flatMap(add);
    const scalar = groupExpr(expr, expressions, context, selected);
    const known = items.findIndex((g) => sameScalar(g.expr, scalar));
    if (known >= 0) return [known];
    requireEquality(scalar.type, expr.span);
    const label = scalar.kind === 'column' ? scalar.column.name : labelOf(expr, scalar);
    items.push({ column: context.context.column(label, scalar.type), expr: scalar });
    return [items.length - 1];
  };
  const setsOf = (item: GroupItem): number[][] => {
    switch (item.kind) {
      case 'expr':
        return [add(item.expr)];
      case 'empty':
        return [[]];
      case 'rollup': {
        const parts = item.sets.map((set) => set.flatMap(add));
        return parts.map((_, i) => parts.slice(0, parts.length - i).flat()).concat([[]]);
      }
      case 'cube': {
        const parts = item.sets.map((set) => set.flatMap(add));
        if (parts.length > 12) throw tooMany(item);
        return Array.from({ length: 2 ** parts.length }, (_, i) =>
          parts.flatMap((part, at) => (i & (1 << (parts.length - 1 - at)) ? [] : part)),
        );
      }
      case 'grouping_sets':
        return item.items.flatMap(setsOf);
    }
  };
  let sets: number[][] = [[]];
  for (const item of select.groupBy) {
    const more = setsOf(item);
    if (sets.length * more.length > mostSets) throw tooMany(item);
    sets = sets.flatMap((a) => more.map((b) => [...new Set([...a, ...b])]));
  }
  if (select.groupDistinct) sets = [...new Map(sets.map((s) => [[...s].sort((a, b) => a - b).join(), s])).values()];
  const plain = select.groupBy.every((item) => item.kind === 'expr' || item.kind === 'empty');
  return plain ? { items } : { items, sets };
}

function tooMany(item: GroupItem) {
  return fail('statement_too_complex', `too many grouping sets present (maximum ${mostSets})`, { span: item.span });
}

/** A position or, where no input column has that name, an output name; else an expression. */
function groupExpr(expr: Expr, expressions: ExpressionBinder, context: GroupContext, selected: Selected): Scalar {
  const isInput =
    expr.kind === 'column' &&
    expr.parts.length === 1 &&
    context.scope.relations.some((r) =>
      r.columns.some((c) => c.column.name.toLowerCase() === foldName(expr.parts[0]!).toLowerCase()),
    );
  const labels = selected.map((i) => i.label);
  const found = isInput
    ? undefined
    : outputNamed(expr, labels, 'GROUP BY', (a, b) => sameScalar(selected[a]!.expr, selected[b]!.expr));
  if (found === undefined) {
    const scalar = expressions.bind(expr);
    const same = hasSubquery(scalar) ? itemSpelled(printExpr(expr), selected) : -1;
    if (same >= 0) return selected[same]!.expr;
    return scalar.kind === 'column' ? scalar : widened(scalar);
  }
  const item = selected[found]!.expr;
  for (const column of columnsOf(item).values())
    if (context.isAggregate(column))
      throw fail('grouping_error', 'aggregate functions are not allowed in GROUP BY', { span: expr.span });
  return item;
}

/**
 * A column of a table whose primary key is grouped has one value in each group: it becomes a group of its own, which changes nothing.
 * Its rule is SQL's functional dependency, as far as PostgreSQL goes: in GROUPING SETS the key must be in each set.
 */
function dependentGroup(column: Column, relation: ScopeRelation, { groups, context }: Above): Column | undefined {
  const { table } = relation;
  const key = table?.definition?.constraints?.find((c) => c.kind === 'primary key');
  if (!table || !key) return undefined;
  const positions = key.columns.map((name) => {
    const id = relation.columns[table.columns.findIndex((c) => c.name === name)]?.column.id;
    return groups.items.findIndex(({ expr }) => expr.kind === 'column' && expr.column.id === id);
  });
  if (positions.some((at) => at < 0 || groups.sets?.some((set) => !set.includes(at)))) return undefined;
  const own = context.column(column.name, column.type);
  for (const set of groups.sets ?? []) set.push(groups.items.length);
  groups.items.push({ column: own, expr: columnRef(column) });
  return own;
}

interface Above {
  readonly groups: BoundGroups;
  readonly context: BindContext;
  readonly scope: Scope;
  /** Columns that grouping itself, or what stands above it, makes. */
  readonly isMade: (column: Column) => boolean;
}

/** Replaces grouped expressions by the group's column; what is left over of the input is an error. */
export function overGroups(scalar: Scalar, above: Above, inner = false): Scalar {
  return rewriteScalar(
    scalar,
    (s) => ungrouped(s, above, inner),
    (s) => {
      const group = above.groups.items.find((g) => sameScalar(g.expr, s));
      return group && { ...columnRef(group.column), ...(s.span && { span: s.span }) };
    },
  );
}

function ungrouped(scalar: Scalar, above: Above, inner: boolean): Scalar {
  if (scalar.kind === 'column') {
    const { column } = scalar;
    if (above.isMade(column)) return scalar;
    const own = above.scope.relations.find((r) => r.columns.some((c) => c.column.id === column.id));
    if (!own) return scalar;
    const dependent = dependentGroup(column, own, above);
    if (dependent) return { ...columnRef(dependent), ...(scalar.span && { span: scalar.span }) };
    const name = own.name ? `${own.name}.${column.name}` : column.name;
    const message = inner
      ? `subquery uses ungrouped column "${name}" from outer query`
      : `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`;
    throw fail('grouping_error', message, { span: scalar.span });
  }
  if (scalar.kind !== 'subquery') return scalar;
  const visit = (plan: LogicalPlan): LogicalPlan =>
    mapPlanScalars(mapPlanInputs(plan, visit), (s) => overGroups(s, above, true));
  const plan = visit(scalar.plan);
  return plan === scalar.plan ? scalar : { ...scalar, plan };
}
