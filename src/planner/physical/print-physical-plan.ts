// The physical plan as a tree of text, or as JSON: what EXPLAIN and golden files show, with the figures of a run where there was one.
import { printTree, type TreeNode } from '../../core/index.js';
import { describePlan, type FiguresOf, type Json, type NodeFigures, type PlanNode } from './describe-plan.js';
import type { Gather, PhysicalPlan } from './physical-plan.js';
import { printBytes } from './place-fragments.js';

const noFigures: FiguresOf = () => undefined;

/** @param estimates what scans are expected to give */
export function printPhysicalPlan(
  plan: PhysicalPlan,
  figuresOf: FiguresOf = noFigures,
  { estimates = false }: { readonly estimates?: boolean } = {},
): string {
  const tree = (node: PlanNode): TreeNode => {
    const figures = node.plan && figuresOf(node.plan);
    return {
      text: `${node.name}${node.detail ?? ''}${figures ? printFigures(figures) : ''}`,
      children: [
        ...node.children.map(tree),
        ...(node.lines ?? []).map((text) => ({ text })),
        ...(estimates && node.plan?.kind === 'gather' ? estimateLines(node.plan) : []).map((text) => ({ text })),
        ...(figures?.gather ? gatherLines(figures.gather).map((text) => ({ text })) : []),
      ],
    };
  };
  return printTree(tree(describePlan(plan)));
}

const rowsOf = (rows: number): string => `${rows} ${rows === 1 ? 'row' : 'rows'}`;

function printFigures({ rows, milliseconds, ownMilliseconds }: NodeFigures): string {
  const own = ownMilliseconds === undefined ? '' : ` (${ownMilliseconds.toFixed(1)} ms without its inputs)`;
  const parts = [
    ...(rows === undefined ? [] : [rowsOf(rows)]),
    ...(milliseconds === undefined ? [] : [`${milliseconds.toFixed(1)} ms${own}`]),
  ];
  return parts.length === 0 ? '' : ` (actual: ${parts.join(', ')})`;
}

function estimateLines({ estimate }: Gather): string[] {
  if (!estimate) return [];
  const { rows, read, answer } = estimate;
  return [`estimated: ${rowsOf(Math.round(rows))}, ${printBytes(answer)} of answers, ${printBytes(read)} of columns`];
}

function gatherLines(gather: NonNullable<NodeFigures['gather']>): string[] {
  const { partitions, inStore, refused, rows, bytesRead, bytesMoved, notices } = gather;
  const { milliseconds, inStoreMilliseconds, mergeMilliseconds } = gather;
  const timed = !Number.isNaN(milliseconds);
  const time = timed ? `, ${milliseconds.toFixed(1)} ms over all threads` : '';
  const here = Math.max(0, milliseconds - inStoreMilliseconds);
  return [
    `ran: ${partitions} ${partitions === 1 ? 'partition' : 'partitions'} (${inStore} in the store${refused > 0 ? `, ${refused} refused` : ''}), ${rowsOf(rows)}${time}`,
    ...(timed && inStore > 0
      ? [`time: ${inStoreMilliseconds.toFixed(1)} ms in the store, ${here.toFixed(1)} ms here, side by side`]
      : []),
    ...(timed && mergeMilliseconds > 0 ? [`merging: ${mergeMilliseconds.toFixed(1)} ms`] : []),
    `bytes: ${bytesRead} read in storage, ${bytesMoved} moved`,
    ...notices.map((notice) => `notice: ${notice}`),
  ];
}

/** Named as PostgreSQL names them where it has the same. */
export function physicalPlanToJson(plan: PhysicalPlan, figuresOf: FiguresOf = noFigures): Json {
  const json = (node: PlanNode): Json => {
    const figures = node.plan && figuresOf(node.plan);
    return {
      'Node Type': node.name,
      ...node.properties,
      ...(figures?.rows !== undefined && { 'Actual Rows': figures.rows }),
      ...(figures?.milliseconds !== undefined && { 'Actual Total Time': rounded(figures.milliseconds) }),
      ...(figures?.ownMilliseconds !== undefined && { 'Actual Own Time': rounded(figures.ownMilliseconds) }),
      ...(figures?.gather && {
        'Partitions Run': figures.gather.partitions,
        'Partitions Run in Store': figures.gather.inStore,
        'Partitions Refused': figures.gather.refused,
        'Partitions Pruned': prunedOf(node.plan),
        'Fragment Rows': figures.gather.rows,
        ...(!Number.isNaN(figures.gather.milliseconds) && {
          'Fragment Time': rounded(figures.gather.milliseconds),
          'Fragment Time in Store': rounded(figures.gather.inStoreMilliseconds),
          'Fragment Time Here': rounded(Math.max(0, figures.gather.milliseconds - figures.gather.inStoreMilliseconds)),
          'Merge Time': rounded(figures.gather.mergeMilliseconds),
        }),
        'Bytes Read': figures.gather.bytesRead,
        'Bytes Moved': figures.gather.bytesMoved,
        ...(figures.gather.notices.length > 0 && { Notices: figures.gather.notices }),
      }),
      ...(node.children.length > 0 && { Plans: node.children.map(json) }),
    };
  };
  return json(describePlan(plan));
}

const prunedOf = (plan: PhysicalPlan | undefined): number =>
  plan?.kind === 'gather' ? plan.pruned.reduce((sum, { partitions }) => sum + partitions, 0) : 0;

const rounded = (milliseconds: number): number => Number(milliseconds.toFixed(3));
