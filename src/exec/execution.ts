// One run of one physical plan: its operators as a tree of generators, its DuckDB lease, its cancellation.
import type * as arrow from 'apache-arrow';
import { fail } from '../core/index.js';
import { type PhysicalPlan, physicalColumns } from '../planner/index.js';
import { aggregate } from './aggregate.js';
import { inTurns } from './breath.js';
import { arrowSchema } from './columns.js';
import { Displaced, type DuckDbLease, type DuckDbPool, type DuckDbSession } from './duckdb/index.js';
import { distinct, sort } from './held-rows.js';
import { limit } from './limit.js';
import { counted, type NodeMetrics, newGatherMetrics } from './metrics.js';
import type { EvalOperators, FragmentOperators } from './operators.js';
import { runDuckDb } from './run-duckdb.js';
import { series } from './series.js';
import { window } from './window.js';

export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the run has ended in whatever way. */
  readonly onMetrics?: ((metrics: NodeMetrics) => void) | undefined;
}

export interface ResultStream {
  readonly schema: arrow.Schema;
  /** Iterate once. Leaving the loop early frees what runs. Rejects with a DiagnosticError. */
  readonly batches: AsyncIterable<arrow.RecordBatch>;
  /** Grows while the result is read. */
  metrics(): NodeMetrics;
}

export interface Machinery {
  readonly fragments: FragmentOperators;
  readonly evaluator: EvalOperators;
  readonly pool: DuckDbPool;
}

/** Why what still runs is stopped. Made once: a reason of the platform's own costs a stack trace per statement. */
const over = new Error('the run is over');
const canceled = () => fail('query_canceled', 'canceling statement due to user request');

export class Execution implements ResultStream, AsyncIterator<arrow.RecordBatch, undefined> {
  readonly schema: arrow.Schema;
  private readonly abort = new AbortController();
  private root: NodeMetrics;
  private rows: AsyncGenerator<arrow.RecordBatch>;
  private hasGiven = false;
  private lease: Promise<DuckDbLease> | undefined;
  private ended: Promise<void> | undefined;
  /** Rejects the step that is under way. */
  private rejectStep: ((error: Error) => void) | undefined;
  private readonly onAbort = () => this.rejectStep?.(canceled());

  constructor(
    private readonly plan: PhysicalPlan,
    private readonly machinery: Machinery,
    private readonly options: ExecuteOptions,
  ) {
    this.schema = arrowSchema(physicalColumns(plan));
    const { node, batches } = this.operator(plan);
    this.root = node;
    this.rows = batches;
    options.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  get batches(): AsyncIterable<arrow.RecordBatch> {
    return { [Symbol.asyncIterator]: () => this };
  }

  metrics(): NodeMetrics {
    return this.root;
  }

  /** The user's cancellation wins over whatever is under way, which winds down by itself. */
  async next(): Promise<IteratorResult<arrow.RecordBatch, undefined>> {
    if (this.ended) {
      await this.ended;
      return { done: true, value: undefined };
    }
    try {
      if (this.options.signal?.aborted) throw canceled();
      const result = await this.step();
      if (!result.done) {
        this.hasGiven = true;
        return result;
      }
    } catch (error) {
      if (error instanceof Displaced && !this.ended) {
        this.beginAnew();
        return this.next();
      }
      void this.end();
      throw error;
    }
    await this.end();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<arrow.RecordBatch, undefined>> {
    await this.end();
    return { done: true, value: undefined };
  }

  /** A race against one lasting promise would keep every batch alive as long as that promise. */
  private step(): Promise<IteratorResult<arrow.RecordBatch, undefined>> {
    return new Promise((resolve, reject) => {
      this.rejectStep = reject;
      this.rows.next().then(resolve, reject);
    });
  }

  /** On another worker: this one is in a long step of somebody else's. */
  private beginAnew(): void {
    this.lease?.then((lease) => lease.release()).catch(() => {});
    this.lease = undefined;
    const { node, batches } = this.operator(this.plan);
    this.root = node;
    this.rows = batches;
  }

  private end(): Promise<void> {
    this.ended ??= this.windDown();
    return this.ended;
  }

  private async windDown(): Promise<void> {
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.abort.abort(over);
    // First what the generators may be waiting for: a generator returns only after its pending step.
    const lease = await this.lease?.catch(() => undefined);
    await lease?.release();
    await this.rows.return(undefined).catch(() => {});
    this.options.onMetrics?.(this.root);
  }

  private openSession = async (): Promise<DuckDbSession> => {
    this.lease ??= this.machinery.pool.lease();
    const lease = await this.lease;
    if (this.abort.signal.aborted) throw canceled();
    return lease.openSession(() => !this.hasGiven);
  };

  private operator(plan: PhysicalPlan): { node: NodeMetrics; batches: AsyncGenerator<arrow.RecordBatch> } {
    const children = inputsOf(plan).map((input) => ({ plan: input, ...this.operator(input) }));
    const gathers = plan.kind === 'gather' || plan.kind === 'merge_aggregate' || plan.kind === 'merge_top_n';
    const node: NodeMetrics = {
      kind: plan.kind,
      rows: 0,
      batches: 0,
      milliseconds: 0,
      ...(gathers && { gather: newGatherMetrics() }),
      inputs: children.map((child) => child.node),
    };
    return { node, batches: counted(this.run(plan, node, children), node) };
  }

  private run(
    plan: PhysicalPlan,
    node: NodeMetrics,
    children: readonly { readonly plan: PhysicalPlan; readonly batches: AsyncGenerator<arrow.RecordBatch> }[],
  ): AsyncIterable<arrow.RecordBatch> {
    const { fragments, evaluator } = this.machinery;
    const gatherOptions = () => ({ signal: this.abort.signal, metrics: node.gather! });
    const [child] = children;
    switch (plan.kind) {
      case 'gather':
        return fragments.rows(plan, gatherOptions());
      case 'merge_aggregate':
        return fragments.mergeAggregate(plan, gatherOptions());
      case 'merge_top_n':
        return fragments.mergeTopN(plan, gatherOptions());
      case 'sort':
        return sort(inTurns(child!.batches), physicalColumns(plan.input), plan);
      case 'distinct':
        return distinct(inTurns(child!.batches), physicalColumns(plan.input), plan.on);
      case 'aggregate':
        return aggregate(inTurns(child!.batches), physicalColumns(plan.input), plan);
      case 'window':
        return window(inTurns(child!.batches), physicalColumns(plan.input), plan.windows);
      case 'limit':
        return limit(child!.batches, plan.limit, plan.offset);
      case 'eval':
        return this.evaluate(
          evaluator.compileEval(physicalColumns(plan.input), plan.filter, plan.items),
          inTurns(child!.batches),
        );
      case 'values':
        return once(() => evaluator.evalValues(plan.columns, plan.rows));
      case 'series':
        return series(plan);
      case 'duckdb': {
        const inputs = children.map((c) => ({ columns: physicalColumns(c.plan), batches: c.batches }));
        return runDuckDb(plan, inputs, this.openSession);
      }
      case 'gather_by_file':
        throw new Error('a plan by file runs file by file');
    }
  }

  private async *evaluate(
    apply: (batch: arrow.RecordBatch) => arrow.RecordBatch,
    batches: AsyncIterable<arrow.RecordBatch>,
  ): AsyncGenerator<arrow.RecordBatch> {
    for await (const batch of batches) {
      const result = apply(batch);
      if (result.numRows > 0) yield result;
    }
  }
}

/** What runs as an operator of its own; a gather under a merge is the merge's. */
function inputsOf(plan: PhysicalPlan): readonly PhysicalPlan[] {
  switch (plan.kind) {
    case 'duckdb':
      return plan.inputs;
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'distinct':
    case 'limit':
    case 'eval':
      return [plan.input];
    default:
      return [];
  }
}

async function* once(make: () => arrow.RecordBatch): AsyncGenerator<arrow.RecordBatch> {
  const batch = make();
  if (batch.numRows > 0) yield batch;
}
