// Lists unnested by fragments: the rows of their output are elements, which need no engine to be filtered and aggregated.
import type { ColumnId, Scalar } from '../bind/scalar.js';
import type { Join } from '../logical/logical-plan.js';
import { columnRef, conjuncts, isTrue, isVolatile, substitute } from '../logical/walk-scalar.js';
import { isKernel } from './kernel-verdict.js';
import type { FragmentUnnest, Gather, PhysicalPlan } from './physical-plan.js';

/**
 * `left CROSS JOIN LATERAL unnest(…)` as a gather of elements.
 * @param left what makes the rows whose lists are unnested: rows of a gather, without residual or limit
 */
export function unnested(join: Join, left: Gather): Gather | undefined {
  const { right, on } = join;
  const { output } = left.fragment;
  if (!join.lateral || (join.type !== 'cross' && join.type !== 'inner') || (on && !isTrue(on))) return undefined;
  if (right.kind !== 'table_function' || output.kind !== 'rows' || left.fragment.unnest) return undefined;
  const by = new Map(output.items.map((i) => [i.column.id, i.expr]));
  const lists: FragmentUnnest['lists'][number][] = [];
  for (const { name, args, columns } of right.calls) {
    const [list] = args;
    const [column] = columns;
    if (name !== 'unnest' || args.length !== 1 || columns.length !== 1 || list?.type.kind !== 'list' || !column)
      return undefined;
    const source = substitute(list, by);
    if (!isKernel(source)) return undefined;
    lists.push({ column, list: source });
  }
  const made = [...lists.map((l) => l.column), ...(right.ordinality ? [right.ordinality] : [])];
  const items = [...output.items, ...made.map((column) => ({ column, expr: columnRef(column) }))];
  const unnest = { lists, ...(right.ordinality && { ordinality: right.ordinality }), filter: [] };
  return { ...left, fragment: { ...left.fragment, unnest, output: { ...output, items } } };
}

/** Terms over elements into the fragment, as far as it can run them; `rest` is for what comes after. */
export function filterElements(
  plan: PhysicalPlan,
  predicate: Scalar,
): { readonly gather: Gather; readonly rest: readonly Scalar[] } | undefined {
  if (plan.kind !== 'gather' || plan.limit !== undefined) return undefined;
  const { unnest, output } = plan.fragment;
  if (!unnest || output.kind !== 'rows' || output.limit !== undefined) return undefined;
  const by = new Map<ColumnId, Scalar>(output.items.map((i) => [i.column.id, i.expr]));
  const pushed: Scalar[] = [];
  const rest: Scalar[] = [];
  for (const term of conjuncts(predicate)) {
    const moved = substitute(term, by);
    if (isKernel(moved) && !isVolatile(moved)) pushed.push(moved);
    else rest.push(term);
  }
  if (pushed.length === 0) return undefined;
  const fragment = { ...plan.fragment, unnest: { ...unnest, filter: [...unnest.filter, ...pushed] } };
  const shown = pushed.map((term) => ({ predicate: term, verdict: 'exact' }) as const);
  return { gather: { ...plan, fragment, pushed: [...plan.pushed, ...shown] }, rest };
}
