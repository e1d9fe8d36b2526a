// EXPLAIN: its options, and what it shows of a planned statement that was run, or was not.
import { fail, type Span } from '../core/index.js';
import type { NodeMetrics } from '../exec/index.js';
import {
  type FiguresOf,
  type NodeFigures,
  type PhysicalPlan,
  physicalPlanToJson,
  printLogicalPlan,
  printPhysicalPlan,
} from '../planner/index.js';
import { explainFormat, formatPlan, type StructuredFormat } from './explain-format.js';
import type { PlannedQuery } from './planned-query.js';

export interface ExplainOptions {
  /** The logical plan first. */
  readonly verbose?: boolean;
  /** Run it: every node gets its rows and time, every scan its bytes. */
  readonly analyze?: boolean;
  /** Times, with `analyze`; `true` by default. */
  readonly timing?: boolean;
  /** What the whole took, with `analyze`; `true` by default. */
  readonly summary?: boolean;
  readonly format?: 'text' | StructuredFormat;
}

const flags: ReadonlySet<string> = new Set(['analyze', 'verbose', 'timing', 'summary']);
/** PostgreSQL's, of things that are not here. */
const ignored: ReadonlySet<string> = new Set(['costs', 'buffers', 'settings', 'wal']);

/** The options of a statement, as PostgreSQL reads them. */
export function explainOptions(given: ReadonlyMap<string, string | boolean>, span: Span | undefined): ExplainOptions {
  const options: { -readonly [K in keyof ExplainOptions]: ExplainOptions[K] } = {};
  const at = span && { span };
  let wal = false;
  for (const [name, value] of given) {
    if (name === 'format') {
      options.format = explainFormat(String(value));
    } else if (flags.has(name)) options[name as 'analyze'] = isOn(name, value, span);
    else if (ignored.has(name)) {
      const on = isOn(name, value, span);
      if (name === 'wal' && on) wal = true;
    } else throw fail('syntax_error', `unrecognized EXPLAIN option "${name}"`, at);
  }
  if (wal && !options.analyze) throw fail('invalid_parameter_value', 'EXPLAIN option WAL requires ANALYZE', at);
  if (options.timing && !options.analyze)
    throw fail('invalid_parameter_value', 'EXPLAIN option TIMING requires ANALYZE', at);
  return options;
}

function isOn(name: string, value: string | boolean, span: Span | undefined): boolean {
  const word = String(value).toLowerCase();
  if (/^(?:true|on|1)$/.test(word)) return true;
  if (/^(?:false|off|0)$/.test(word)) return false;
  throw fail('syntax_error', `${name} requires a Boolean value`, span && { span });
}

/** What a change does with the rows of its query. */
export interface Modification {
  readonly operation: 'Insert' | 'Update' | 'Delete';
  readonly dataset: string;
  readonly table: string;
}

/** Of a statement that was planned, and perhaps run. */
export interface Explained {
  readonly modification?: Modification | undefined;
  /** Milliseconds, and what each node did meanwhile. */
  readonly took?: number;
  readonly metrics?: NodeMetrics;
}

export function explainedLines(
  { physical, optimized, milliseconds: planning }: PlannedQuery,
  options: ExplainOptions,
  { modification, took, metrics }: Explained,
): string[] {
  const { verbose = false, timing = true, summary = true, format = 'text' } = options;
  const figuresOf = metrics && figuresBy(physical, metrics, timing);
  if (format !== 'text') {
    const below = physicalPlanToJson(physical, figuresOf);
    const plan = {
      Plan: modification
        ? {
            'Node Type': 'ModifyTable',
            Operation: modification.operation,
            Schema: modification.dataset,
            'Relation Name': modification.table,
            Plans: [below],
          }
        : below,
      ...(verbose && { 'Logical Plan': printLogicalPlan(optimized).split('\n') }),
      ...(took !== undefined &&
        summary && { 'Planning Time': Number(planning.toFixed(3)), 'Execution Time': Number(took.toFixed(3)) }),
    };
    return [formatPlan(plan, format)];
  }
  const lines = printPhysicalPlan(physical, figuresOf, { estimates: true }).split('\n');
  if (modification) {
    for (const [i, line] of lines.entries()) lines[i] = `${i === 0 ? '└─ ' : '   '}${line}`;
    lines.unshift(`${modification.operation} on ${modification.dataset}.${modification.table}`);
  }
  if (verbose) lines.unshift(...printLogicalPlan(optimized).split('\n'), '');
  if (took !== undefined && summary)
    lines.push(`Planning time: ${planning.toFixed(1)} ms`, `Execution time: ${took.toFixed(1)} ms`);
  return lines;
}

/** Metrics by the nodes of the plan, whose operators they follow; a gather under a merge is counted by the merge. */
function figuresBy(plan: PhysicalPlan, metrics: NodeMetrics, timing: boolean): FiguresOf {
  const figures = new Map<PhysicalPlan, NodeFigures>();
  const visit = (node: PhysicalPlan, { rows, milliseconds, gather, inputs }: NodeMetrics): void => {
    const none = { milliseconds: Number.NaN, inStoreMilliseconds: Number.NaN, mergeMilliseconds: Number.NaN };
    const counted = gather && { ...gather, ...(!timing && none) };
    const below = inputs.reduce((sum, input) => sum + input.milliseconds, 0);
    const own: NodeFigures = {
      rows,
      ...(timing && { milliseconds }),
      ...(timing && inputs.length > 0 && { ownMilliseconds: Math.max(0, milliseconds - below) }),
    };
    if (node.kind === 'merge_aggregate' || node.kind === 'merge_top_n') {
      figures.set(node, own);
      figures.set(node.input, { ...(counted && { gather: counted }) });
      return;
    }
    figures.set(node, { ...own, ...(counted && { gather: counted }) });
    const plans = node.kind === 'duckdb' ? node.inputs : 'input' in node ? [node.input] : [];
    for (const [i, input] of inputs.entries()) visit(plans[i]!, input);
  };
  visit(plan, metrics);
  return (node) => figures.get(node);
}
