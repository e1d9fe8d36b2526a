// EXPLAIN: its options, and what it shows of a planned statement that was run, or was not.
import { fail, type Span } from '../core/index.js';
import type { NodeMetrics, ResultStream } from '../exec/index.js';
import {
  type BoundQuery,
  type FiguresOf,
  type NodeFigures,
  type PhysicalPlan,
  physicalPlanToJson,
  printLogicalPlan,
  printPhysicalPlan,
} from '../planner/index.js';

export interface ExplainOptions {
  /** The logical plan first. */
  readonly verbose?: boolean;
  /** Run it: every node gets its rows and time, every scan its bytes. */
  readonly analyze?: boolean;
  /** Times, with `analyze`; `true` by default. */
  readonly timing?: boolean;
  /** What the whole took, with `analyze`; `true` by default. */
  readonly summary?: boolean;
  readonly format?: 'text' | 'json';
}

const flags: ReadonlySet<string> = new Set(['analyze', 'verbose', 'timing', 'summary']);
/** PostgreSQL's, of things that are not here. */
const ignored: ReadonlySet<string> = new Set(['costs', 'buffers', 'settings', 'wal']);

/** The options of a statement, as PostgreSQL reads them. */
export function explainOptions(given: ReadonlyMap<string, string | boolean>, span: Span | undefined): ExplainOptions {
  const options: { -readonly [K in keyof ExplainOptions]: ExplainOptions[K] } = {};
  const at = span && { span };
  for (const [name, value] of given) {
    if (name === 'format') {
      const format = String(value).toLowerCase();
      if (format === 'xml' || format === 'yaml')
        throw fail('feature_not_supported', `EXPLAIN in ${format.toUpperCase()} is not supported`, {
          ...at,
          hint: 'There are TEXT and JSON.',
        });
      if (format !== 'text' && format !== 'json')
        throw fail('invalid_parameter_value', `unrecognized value for EXPLAIN option "format": "${value}"`, at);
      options.format = format;
    } else if (flags.has(name)) options[name as 'analyze'] = isOn(name, value, span);
    else if (ignored.has(name)) isOn(name, value, span);
    else throw fail('syntax_error', `unrecognized EXPLAIN option "${name}"`, at);
  }
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

export interface Explained {
  readonly optimized: BoundQuery;
  readonly physical: PhysicalPlan;
}

/** Lines of EXPLAIN. @param run what runs the plan, for ANALYZE */
export async function explainLines(
  planned: Explained,
  options: ExplainOptions,
  run: () => ResultStream,
): Promise<string[]> {
  const { analyze = false, verbose = false, timing = true, summary = analyze, format = 'text' } = options;
  const { physical, optimized } = planned;
  let figuresOf: FiguresOf | undefined;
  let took = 0;
  if (analyze) {
    const started = performance.now();
    const stream = run();
    for await (const _ of stream.batches);
    took = performance.now() - started;
    figuresOf = figuresBy(physical, stream.metrics(), timing);
  }
  if (format === 'json') {
    const plan = {
      Plan: physicalPlanToJson(physical, figuresOf),
      ...(verbose && { 'Logical Plan': printLogicalPlan(optimized).split('\n') }),
      ...(analyze && summary && { 'Execution Time': Number(took.toFixed(3)) }),
    };
    return [JSON.stringify([plan], undefined, 2)];
  }
  const lines = printPhysicalPlan(physical, figuresOf).split('\n');
  if (verbose) lines.unshift(...printLogicalPlan(optimized).split('\n'), '');
  if (analyze && summary) lines.push(`Execution time: ${took.toFixed(1)} ms`);
  return lines;
}

/** Metrics by the nodes of the plan, whose operators they follow; a gather under a merge is counted by the merge. */
function figuresBy(plan: PhysicalPlan, metrics: NodeMetrics, timing: boolean): FiguresOf {
  const figures = new Map<PhysicalPlan, NodeFigures>();
  const visit = (node: PhysicalPlan, { rows, milliseconds, gather, inputs }: NodeMetrics): void => {
    const counted = gather && { ...gather, ...(!timing && { milliseconds: Number.NaN }) };
    const own: NodeFigures = { rows, ...(timing && { milliseconds }) };
    if (node.kind === 'merge_aggregate' || node.kind === 'merge_top_n') {
      figures.set(node, own);
      figures.set(node.input, { ...(counted && { gather: counted }) });
      return;
    }
    figures.set(node, { ...own, ...(counted && { gather: counted }) });
    const below = node.kind === 'duckdb' ? node.inputs : 'input' in node ? [node.input] : [];
    for (const [i, input] of inputs.entries()) visit(below[i]!, input);
  };
  visit(plan, metrics);
  return (node) => figures.get(node);
}
