// A physical plan as EXPLAIN sees it: every node with its line of text and its properties; printers make text or JSON of it.
import type { TreeNode } from '../../core/index.js';
import { logicalTree, printWindow, tableLabel } from '../logical/print-logical-plan.js';
import {
  ColumnNumbers,
  printCall,
  printItem,
  printScalar,
  printSortKey,
  printSortKeys,
} from '../logical/print-scalar.js';
import type { FragmentOutput, FragmentUnnest, Gather, PhysicalPlan } from './physical-plan.js';

export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

export interface PlanNode {
  readonly name: string;
  /** What follows the name in text. */
  readonly detail?: string;
  /** Lines of its own below it. */
  readonly lines?: readonly string[];
  readonly properties: Readonly<Record<string, Json>>;
  readonly children: readonly PlanNode[];
  /** What has its figures: see {@link NodeFigures}. */
  readonly plan?: PhysicalPlan;
}

/** What a run counted for one node, inputs included in its time; a gather under a merge has `gather` alone. */
export interface NodeFigures {
  readonly rows?: number;
  readonly milliseconds?: number;
  /** Without its inputs' time. */
  readonly ownMilliseconds?: number;
  readonly gather?: {
    readonly partitions: number;
    readonly rows: number;
    readonly bytesRead: number;
    readonly bytesMoved: number;
    /** NaN, as the two below, where times are left out. */
    readonly milliseconds: number;
    readonly inStoreMilliseconds: number;
    readonly mergeMilliseconds: number;
    readonly inStore: number;
    readonly refused: number;
    readonly notices: readonly string[];
  };
}
export type FiguresOf = (plan: PhysicalPlan) => NodeFigures | undefined;

export function describePlan(plan: PhysicalPlan, numbers = new ColumnNumbers()): PlanNode {
  const column = (c: Parameters<ColumnNumbers['print']>[0]): string => numbers.print(c);
  const below = (input: PhysicalPlan): PlanNode => describePlan(input, numbers);
  switch (plan.kind) {
    case 'gather':
      return describeGather(plan, numbers);
    case 'merge_aggregate': {
      const children = [describeGather(plan.input, numbers)];
      const aggregates = plan.aggregates.map((a) => column(a.column));
      const groups = plan.groups.map(column);
      const properties = { Aggregates: aggregates, 'Group Key': groups };
      return { name: 'MergeAggregate', detail: `: ${grouped(aggregates, groups)}`, properties, children, plan };
    }
    case 'merge_top_n': {
      const children = [describeGather(plan.input, numbers)];
      const keys = plan.keys.map((key) => printSortKey(key, numbers));
      const properties = { 'Sort Key': keys, Limit: plan.limit, Offset: plan.offset };
      const detail = `: ${plan.limit}${offsetOf(plan.offset)} by ${keys.join(', ')}`;
      return { name: 'MergeTopN', detail, properties, children, plan };
    }
    case 'sort': {
      const children = [below(plan.input)];
      const keys = plan.keys.map((key) => printSortKey(key, numbers));
      const all = plan.limit === undefined && plan.offset === 0;
      const detail = all ? '' : ` ${plan.limit ?? 'all'}${offsetOf(plan.offset)} by`;
      const properties = {
        'Sort Key': keys,
        ...(plan.limit !== undefined && { Limit: plan.limit }),
        Offset: plan.offset,
      };
      return { name: all ? 'Sort' : 'TopN', detail: `:${detail} ${keys.join(', ')}`, properties, children, plan };
    }
    case 'distinct': {
      const children = [below(plan.input)];
      const on = plan.on.map((s) => printScalar(s, numbers));
      return { name: 'Distinct', detail: `: ${on.join(', ')}`, properties: { On: on }, children, plan };
    }
    case 'aggregate': {
      const children = [below(plan.input)];
      const aggregates = plan.aggregates.map((a) => `${column(a.column)} = ${printCall(a.call, numbers)}`);
      const groups = plan.groups.map((g) => printItem(g, numbers));
      const sets = plan.sets ? ` in ${plan.sets.length} grouping sets` : '';
      const properties = {
        Aggregates: aggregates,
        'Group Key': groups,
        ...(plan.sets && { 'Grouping Sets': plan.sets.length }),
      };
      return { name: 'Aggregate', detail: `: ${grouped(aggregates, groups)}${sets}`, properties, children, plan };
    }
    case 'window': {
      const children = [below(plan.input)];
      const calls = plan.windows.map((w) => `${column(w.column)} = ${printWindow(w, numbers)}`);
      return { name: 'Window', detail: `: ${calls.join(', ')}`, properties: { Calls: calls }, children, plan };
    }
    case 'limit': {
      const children = [below(plan.input)];
      const properties = { ...(plan.limit !== undefined && { Limit: plan.limit }), Offset: plan.offset };
      return { name: 'Limit', detail: `: ${plan.limit ?? 'all'}${offsetOf(plan.offset)}`, properties, children, plan };
    }
    case 'eval': {
      const children = [below(plan.input)];
      const filter = plan.filter.map((s) => printScalar(s, numbers));
      const output = plan.items.map((i) => printItem(i, numbers));
      const where = filter.length > 0 ? ` where ${filter.join(' and ')}` : '';
      const properties = { Output: output, Filter: filter };
      return { name: 'Eval', detail: `: ${output.join(', ')}${where}`, properties, children, plan };
    }
    case 'duckdb': {
      const inputs = plan.inputs.map((input, i) => ({
        name: `Input ${i + 1}`,
        properties: {},
        children: [below(input)],
      }));
      return { name: 'DuckDB', properties: {}, children: [ofTree(logicalTree(plan.plan, numbers)), ...inputs], plan };
    }
    case 'values': {
      const columns = plan.columns.map(column);
      const rows = plan.rows.length;
      const detail = `: ${rows} ${rows === 1 ? 'row' : 'rows'} (${columns.join(', ')})`;
      return { name: 'Values', detail, properties: { Rows: rows, Output: columns }, children: [], plan };
    }
    case 'series': {
      const list = printScalar(plan.list, numbers);
      const properties = { Output: [column(plan.column)], Rows: list };
      return { name: 'Series', detail: `: ${column(plan.column)} of ${list}`, properties, children: [], plan };
    }
    case 'gather_by_file': {
      const files = plan.files.length;
      const detail = `: ${files} ${files === 1 ? 'file' : 'files'}`;
      return { name: 'GatherByFile', detail, properties: { Files: files }, children: [below(plan.input)], plan };
    }
  }
}

const offsetOf = (offset: number): string => (offset > 0 ? ` offset ${offset}` : '');

/** Part of a plan that DuckDB runs: its nodes have text alone. */
function ofTree({ text, children = [] }: TreeNode): PlanNode {
  const [, name = text, detail] = /^([^:]*)(:.*)?$/s.exec(text) ?? [];
  const properties: Record<string, Json> = detail === undefined ? {} : { Detail: detail.slice(1).trim() };
  return { name, ...(detail !== undefined && { detail }), properties, children: children.map(ofTree) };
}

function describeGather(gather: Gather, numbers: ColumnNumbers): PlanNode {
  const { fragment, table, partitions, pruned } = gather;
  const pushed = gather.pushed.map((p) => ({ Predicate: printScalar(p.predicate, numbers), Verdict: p.verdict }));
  const residual = gather.residual.map((r) => ({ Predicate: printScalar(r.predicate, numbers), Reason: r.reason }));
  const output = `${printUnnest(fragment.unnest, numbers)}${printOutput(fragment.output, numbers)}`;
  const reasons = pruned.map((p) => `${p.partitions} pruned: ${p.reason}`).join('; ');
  const limit = gather.limit === undefined ? '' : `, limit ${gather.limit}`;
  const relation = tableLabel({ table });
  const home = { storage: 'osd', local: 'local', mixed: 'osd, local' }[gather.placement];
  const where =
    gather.here === undefined
      ? gather.placement
      : `${gather.placement}: ${partitions.length - gather.here.size} in storage, ${gather.here.size} here`;
  return {
    name: 'Gather',
    detail: ` [${where}: ${gather.placementReason}]: partitions ${partitions.length}/${table.partitionCount}${reasons ? ` (${reasons})` : ''}${limit}`,
    properties: {
      Placement: gather.placement,
      'Placement Reason': gather.placementReason,
      ...(gather.here && { 'Partitions Planned Here': gather.here.size }),
      'Partitions Planned': partitions.length,
      'Partitions Total': table.partitionCount,
      Pruned: pruned.map((p) => ({ Reason: p.reason, Partitions: p.partitions })),
      ...(gather.limit !== undefined && { Limit: gather.limit }),
      ...(gather.estimate && {
        'Estimated Rows': Math.round(gather.estimate.rows),
        'Estimated Bytes of Columns': Math.round(gather.estimate.read),
        'Estimated Bytes of Answers': Math.round(gather.estimate.answer),
      }),
    },
    plan: gather,
    children: [
      {
        name: 'Fragment',
        detail: ` [${home}]: ${relation} → ${output}`,
        properties: { 'Relation Name': relation, Output: output, Pushed: pushed, Residual: residual },
        lines: [
          ...(pushed.length > 0 ? pushed.map((p) => `pushed: ${p.Predicate} (${p.Verdict})`) : ['pushed: none']),
          ...(residual.length > 0 ? residual.map((r) => `residual: ${r.Predicate} (${r.Reason})`) : ['residual: none']),
        ],
        children: [],
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
