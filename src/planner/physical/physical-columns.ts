// What a physical node gives: its columns, in order.
import type { Column } from '../bind/scalar.js';
import { outputColumns } from '../logical/walk-plan.js';
import type { PhysicalPlan } from './physical-plan.js';

export function physicalColumns(plan: PhysicalPlan): readonly Column[] {
  switch (plan.kind) {
    case 'gather': {
      const { output } = plan.fragment;
      const items = output.kind === 'aggregate' ? [...output.groups, ...output.aggregates] : output.items;
      return items.map((i) => i.column);
    }
    case 'merge_aggregate':
      return [...plan.groups, ...plan.aggregates.map((a) => a.column)];
    case 'aggregate':
      return [...plan.groups, ...plan.aggregates, ...(plan.grouping ?? [])].map((c) => c.column);
    case 'window':
      return [...physicalColumns(plan.input), ...plan.windows.map((w) => w.column)];
    case 'eval':
      return plan.items.map((i) => i.column);
    case 'values':
      return plan.columns;
    case 'series':
      return [plan.column];
    case 'duckdb':
      return outputColumns(plan.plan);
    case 'merge_top_n':
    case 'sort':
    case 'distinct':
    case 'limit':
    case 'gather_by_file':
      return physicalColumns(plan.input);
  }
}
