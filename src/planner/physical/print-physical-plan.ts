// The physical plan as a tree of text: what EXPLAIN and golden files show.
import { printTree, type TreeNode } from '../../core/index.js';
import { logicalTree, tableLabel } from '../logical/print-logical-plan.js';
import { ColumnNumbers, printCall, printItem, printScalar, printSortKeys } from '../logical/print-scalar.js';
import type { FragmentOutput, FragmentUnnest, Gather, PhysicalPlan } from './physical-plan.js';

export function printPhysicalPlan(plan: PhysicalPlan): string {
  return printTree(physicalTree(plan, new ColumnNumbers()));
}

function physicalTree(plan: PhysicalPlan, numbers: ColumnNumbers): TreeNode {
  const column = (c: Parameters<ColumnNumbers['print']>[0]): string => numbers.print(c);
  switch (plan.kind) {
    case 'gather':
      return gatherTree(plan, numbers);
    case 'merge_aggregate': {
      const input = gatherTree(plan.input, numbers);
      const aggregates = plan.aggregates.map((a) => column(a.column));
      return { text: `MergeAggregate: ${grouped(aggregates, plan.groups.map(column))}`, children: [input] };
    }
    case 'merge_top_n': {
      const input = gatherTree(plan.input, numbers);
      const offset = plan.offset > 0 ? ` offset ${plan.offset}` : '';
      return { text: `MergeTopN: ${plan.limit}${offset} by ${printSortKeys(plan.keys, numbers)}`, children: [input] };
    }
    case 'sort': {
      const offset = plan.offset > 0 ? ` offset ${plan.offset}` : '';
      const name = plan.limit === undefined && offset === '' ? 'Sort:' : `TopN: ${plan.limit ?? 'all'}${offset} by`;
      const children = [physicalTree(plan.input, numbers)];
      return { text: `${name} ${printSortKeys(plan.keys, numbers)}`, children };
    }
    case 'distinct': {
      const children = [physicalTree(plan.input, numbers)];
      return { text: `Distinct: ${plan.on.map((s) => printScalar(s, numbers)).join(', ')}`, children };
    }
    case 'aggregate': {
      const calls = plan.aggregates.map((a) => `${column(a.column)} = ${printCall(a.call, numbers)}`);
      const groups = plan.groups.map((g) => printItem(g, numbers));
      const sets = plan.sets ? ` in ${plan.sets.length} grouping sets` : '';
      return { text: `Aggregate: ${grouped(calls, groups)}${sets}`, children: [physicalTree(plan.input, numbers)] };
    }
    case 'limit': {
      const children = [physicalTree(plan.input, numbers)];
      return { text: `Limit: ${plan.limit ?? 'all'}${plan.offset > 0 ? ` offset ${plan.offset}` : ''}`, children };
    }
    case 'eval': {
      const children = [physicalTree(plan.input, numbers)];
      const filter =
        plan.filter.length > 0 ? ` where ${plan.filter.map((s) => printScalar(s, numbers)).join(' and ')}` : '';
      return { text: `Eval: ${plan.items.map((i) => printItem(i, numbers)).join(', ')}${filter}`, children };
    }
    case 'duckdb': {
      const inputs = plan.inputs.map((input, i) => ({
        text: `Input ${i + 1}`,
        children: [physicalTree(input, numbers)],
      }));
      return { text: 'DuckDB', children: [logicalTree(plan.plan, numbers), ...inputs] };
    }
    case 'values':
      return {
        text: `Values: ${plan.rows.length} ${plan.rows.length === 1 ? 'row' : 'rows'} (${plan.columns.map(column).join(', ')})`,
      };
    case 'gather_by_file':
      return {
        text: `GatherByFile: ${plan.files.length} ${plan.files.length === 1 ? 'file' : 'files'}`,
        children: [physicalTree(plan.input, numbers)],
      };
  }
}

function gatherTree(gather: Gather, numbers: ColumnNumbers): TreeNode {
  const { fragment, table, partitions, pruned, pushed, residual } = gather;
  const pushedLines = pushed.map((p) => ({ text: `pushed: ${printScalar(p.predicate, numbers)} (${p.verdict})` }));
  const residualLines = residual.map((r) => ({ text: `residual: ${printScalar(r.predicate, numbers)} (${r.reason})` }));
  const output = `${printUnnest(fragment.unnest, numbers)}${printOutput(fragment.output, numbers)}`;
  const reasons = pruned.map((p) => `${p.partitions} pruned: ${p.reason}`).join('; ');
  const limit = gather.limit === undefined ? '' : `, limit ${gather.limit}`;
  const home = gather.placement === 'storage' ? 'osd' : 'local';
  return {
    text: `Gather [${gather.placement}: ${gather.placementReason}]: partitions ${partitions.length}/${table.partitionCount}${reasons ? ` (${reasons})` : ''}${limit}`,
    children: [
      {
        text: `Fragment [${home}]: ${tableLabel({ table })} → ${output}`,
        children: [
          ...(pushedLines.length > 0 ? pushedLines : [{ text: 'pushed: none' }]),
          ...(residualLines.length > 0 ? residualLines : [{ text: 'residual: none' }]),
        ],
      },
    ],
  };
}

/** `unnest(Jet_pt:1) as pt:2 → `: filters on elements are among the pushed terms. */
function printUnnest(unnest: FragmentUnnest | undefined, numbers: ColumnNumbers): string {
  if (!unnest) return '';
  const lists = unnest.lists.map(({ list }) => printScalar(list, numbers)).join(', ');
  const made = [...unnest.lists.map((l) => l.column), ...(unnest.ordinality ? [unnest.ordinality] : [])];
  return `unnest(${lists}) as ${made.map((c) => numbers.print(c)).join(', ')} → `;
}

function printOutput(output: FragmentOutput, numbers: ColumnNumbers): string {
  switch (output.kind) {
    case 'rows':
      return `${output.items.map((i) => printItem(i, numbers)).join(', ')}${output.limit === undefined ? '' : ` limit ${output.limit}`}`;
    case 'top_n':
      return `${output.items.map((i) => printItem(i, numbers)).join(', ')} top ${output.limit} by ${printSortKeys(output.keys, numbers)}`;
    case 'aggregate': {
      const groups = output.groups.map((g) => printItem(g, numbers));
      const calls = output.aggregates.map(({ column, call }) => {
        const text = printCall(call, numbers);
        return `${numbers.print(column)} = ${text}`;
      });
      return grouped(calls, groups);
    }
  }
}

function grouped(aggregates: readonly string[], groups: readonly string[]): string {
  return [aggregates.join(', '), ...(groups.length > 0 ? [`by ${groups.join(', ')}`] : [])].join(' ').trimStart();
}
