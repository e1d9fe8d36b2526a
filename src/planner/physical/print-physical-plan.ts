// The physical plan as a tree of text, or as JSON: what EXPLAIN and golden files show, with the figures of a run where there was one.
import { printTree, type TreeNode } from '../../core/index.js';
import { describePlan, type FiguresOf, type Json, type NodeFigures, type PlanNode } from './describe-plan.js';
import type { PhysicalPlan } from './physical-plan.js';

const noFigures: FiguresOf = () => undefined;

export function printPhysicalPlan(plan: PhysicalPlan, figuresOf: FiguresOf = noFigures): string {
  const tree = (node: PlanNode): TreeNode => {
    const figures = node.plan && figuresOf(node.plan);
    return {
      text: `${node.name}${node.detail ?? ''}${figures ? printFigures(figures) : ''}`,
      children: [
        ...node.children.map(tree),
        ...(node.lines ?? []).map((text) => ({ text })),
        ...(figures?.gather ? gatherLines(figures.gather).map((text) => ({ text })) : []),
      ],
    };
  };
  return printTree(tree(describePlan(plan)));
}

function printFigures({ rows, milliseconds }: NodeFigures): string {
  const parts = [
    ...(rows === undefined ? [] : [`${rows} ${rows === 1 ? 'row' : 'rows'}`]),
    ...(milliseconds === undefined ? [] : [`${milliseconds.toFixed(1)} ms`]),
  ];
  return parts.length === 0 ? '' : ` (actual: ${parts.join(', ')})`;
}

function gatherLines(gather: NonNullable<NodeFigures['gather']>): string[] {
  const { partitions, inStore, rows, bytesRead, bytesMoved, milliseconds, notices } = gather;
  const time = Number.isNaN(milliseconds) ? '' : `, ${milliseconds.toFixed(1)} ms over all threads`;
  return [
    `ran: ${partitions} ${partitions === 1 ? 'partition' : 'partitions'} (${inStore} in the store), ${rows} rows${time}`,
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
      ...(figures?.gather && {
        'Partitions Run': figures.gather.partitions,
        'Partitions Run in Store': figures.gather.inStore,
        'Fragment Rows': figures.gather.rows,
        ...(!Number.isNaN(figures.gather.milliseconds) && { 'Fragment Time': rounded(figures.gather.milliseconds) }),
        'Bytes Read': figures.gather.bytesRead,
        'Bytes Moved': figures.gather.bytesMoved,
        ...(figures.gather.notices.length > 0 && { Notices: figures.gather.notices }),
      }),
      ...(node.children.length > 0 && { Plans: node.children.map(json) }),
    };
  };
  return json(describePlan(plan));
}

const rounded = (milliseconds: number): number => Number(milliseconds.toFixed(3));
