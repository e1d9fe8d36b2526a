// What is handed to DuckDB: of its inputs the columns that its part of the plan reads, since every row of them is copied.
// A filter or unnest that the fragments run has read its columns already, the lists under their elements above all.
import type { ColumnId } from '../bind/scalar.js';
import type { LogicalPlan } from '../logical/logical-plan.js';
import { mapPlanInputs, mapPlanScalars, mapSubqueries, outputColumns } from '../logical/walk-plan.js';
import { columnsOf, isVolatile } from '../logical/walk-scalar.js';
import { neededColumns, pruneColumns } from '../rules/prune-columns.js';
import { physicalColumns } from './physical-columns.js';
import type { DuckDbExec, PhysicalPlan } from './physical-plan.js';
import { shape } from './shape.js';

export function trimInputs(whole: DuckDbExec): DuckDbExec {
  const output = outputColumns(whole.plan);
  const plan = pruneColumns(whole.plan, output);
  const needed = neededColumns(plan, output);
  const inputs = whole.inputs.map((input) => trimmed(input, needed));
  if (inputs.every((input, i) => input === whole.inputs[i])) return whole;
  const visit = (node: LogicalPlan): LogicalPlan => {
    if (node.kind === 'input') return { ...node, columns: physicalColumns(inputs[node.index]!) };
    const inner = mapPlanInputs(node, visit);
    return mapPlanScalars(inner, (s) => mapSubqueries(s, visit));
  };
  return { ...whole, plan: visit(plan), inputs };
}

/** Rows of fragments, and what the evaluator makes of them; whatever else there is holds its rows anyway. */
function trimmed(plan: PhysicalPlan, needed: ReadonlySet<ColumnId>): PhysicalPlan {
  switch (plan.kind) {
    case 'gather': {
      if (plan.fragment.output.kind !== 'rows') return plan;
      return shape(
        plan,
        physicalColumns(plan).filter((column) => needed.has(column.id)),
      );
    }
    case 'eval': {
      const items = plan.items.filter((item) => needed.has(item.column.id) || isVolatile(item.expr));
      const read = [...plan.filter, ...items.map((item) => item.expr)].flatMap((expr) => [...columnsOf(expr).keys()]);
      const input = trimmed(plan.input, new Set(read));
      return items.length === plan.items.length && input === plan.input ? plan : { ...plan, items, input };
    }
    case 'limit': {
      const input = trimmed(plan.input, needed);
      return input === plan.input ? plan : { ...plan, input };
    }
    default:
      return plan;
  }
}
