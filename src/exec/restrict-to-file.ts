// A physical plan over one file of its dataset: what runQuery on a dataset runs once for each.
import type { Gather, PhysicalPlan } from '../planner/index.js';

/** @param file ordinal in the dataset */
export function restrictToFile(plan: PhysicalPlan, file: number): PhysicalPlan {
  switch (plan.kind) {
    case 'gather':
      return restrictGather(plan, file);
    case 'merge_aggregate':
    case 'merge_top_n':
      return { ...plan, input: restrictGather(plan.input, file) };
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'distinct':
    case 'limit':
    case 'eval':
    case 'gather_by_file':
      return { ...plan, input: restrictToFile(plan.input, file) };
    case 'duckdb':
      return { ...plan, inputs: plan.inputs.map((input) => restrictToFile(input, file)) };
    case 'values':
    case 'series':
      return plan;
  }
}

function restrictGather(gather: Gather, file: number): Gather {
  const part = gather.table.files.find((f) => f.file === file);
  const first = part?.firstPartition ?? 0;
  const end = first + (part?.partitionCount ?? 0);
  return { ...gather, partitions: gather.partitions.filter((p) => p >= first && p < end) };
}
