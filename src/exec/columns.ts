// What a physical plan gives: its columns, and their Arrow schema.
import * as arrow from 'apache-arrow';
import { toArrowType } from '../core/index.js';
import type { Column, PhysicalPlan } from '../planner/index.js';
import { planColumns } from './duckdb/index.js';

export function physicalColumns(plan: PhysicalPlan): readonly Column[] {
  switch (plan.kind) {
    case 'gather': {
      const { output } = plan.fragment;
      return output.kind === 'aggregate'
        ? [...output.groups, ...output.aggregates].map((item) => item.column)
        : output.items.map((item) => item.column);
    }
    case 'merge_aggregate':
      return [...plan.groups, ...plan.aggregates.map((a) => a.column)];
    case 'eval':
      return plan.items.map((item) => item.column);
    case 'values':
      return plan.columns;
    case 'duckdb':
      return planColumns(plan.plan);
    case 'merge_top_n':
    case 'limit':
    case 'gather_by_file':
      return physicalColumns(plan.input);
  }
}

export function arrowSchema(columns: readonly Column[]): arrow.Schema {
  return new arrow.Schema(columns.map((c) => new arrow.Field(c.name, toArrowType(c.type), true)));
}
