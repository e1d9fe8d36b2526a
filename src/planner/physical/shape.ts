// Which columns a physical plan gives: a choice of them taken into what makes its rows, where that can do it.
import type { Column } from '../bind/scalar.js';
import type { ProjectItem } from '../logical/logical-plan.js';
import { columnRef, substitute } from '../logical/walk-scalar.js';
import { isKernel } from './kernel-verdict.js';
import { physicalColumns } from './physical-columns.js';
import type { PhysicalPlan } from './physical-plan.js';

/** Columns dropped or reordered where they differ from what is wanted. */
export function shape(plan: PhysicalPlan, wanted: readonly Column[]): PhysicalPlan {
  const have = physicalColumns(plan);
  if (have.length === wanted.length && wanted.every((c, i) => c.id === have[i]!.id)) return plan;
  const items = wanted.map((column) => ({ column, expr: columnRef(column) }));
  if (plan.kind === 'duckdb') return { ...plan, plan: { kind: 'project', input: plan.plan, items } };
  return projected(plan, items) ?? { kind: 'eval', input: plan, filter: [], items };
}

/** A projection taken into what makes the rows, where fragments can do it. */
export function projected(plan: PhysicalPlan, items: readonly ProjectItem[]): PhysicalPlan | undefined {
  if (plan.kind === 'limit') {
    const input = projected(plan.input, items);
    return input && { ...plan, input };
  }
  if (plan.kind === 'eval') {
    const by = new Map(plan.items.map((i) => [i.column.id, i.expr]));
    const simple = items.every((i) => i.expr.kind === 'column');
    return simple ? { ...plan, items: items.map((i) => ({ ...i, expr: substitute(i.expr, by) })) } : undefined;
  }
  if (plan.kind !== 'gather' || plan.fragment.output.kind !== 'rows') return undefined;
  const { output } = plan.fragment;
  const by = new Map(output.items.map((i) => [i.column.id, i.expr]));
  const composed = items.map((i) => ({ column: i.column, expr: substitute(i.expr, by) }));
  if (!composed.every((i) => isKernel(i.expr))) return undefined;
  return { ...plan, fragment: { ...plan.fragment, output: { ...output, items: composed } } };
}
