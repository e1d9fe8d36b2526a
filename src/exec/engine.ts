// The face of execution: physical plans in, streams of record batches out.
import { availableParallelism, totalmem } from 'node:os';
import type { Catalog } from '../catalog/index.js';
import type { GatherByFile, PhysicalPlan, StoreSpeed } from '../planner/index.js';
import type { ObjectStore } from '../store/index.js';
import { DuckDbPool } from './duckdb/index.js';
import { compileEval, evalValues } from './eval/index.js';
import { type ExecuteOptions, Execution, type Machinery, type ResultStream } from './execution.js';
import { createFragmentRunner } from './fragment/index.js';
import { restrictToFile } from './restrict-to-file.js';

export interface EngineOptions {
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  /** Threads for fragments; the processors: this thread waits meanwhile. */
  readonly threads?: number;
  /** DuckDB instances at most; the processors, at most two. */
  readonly duckdbWorkers?: number;
  /** Bytes for all of it; half of the machine's memory. */
  readonly memoryBudget?: number;
}

export interface FileResult extends ResultStream {
  /** Ordinal in the dataset. */
  readonly file: number;
}

export interface Engine {
  /** Nothing runs before the first batch is asked for. */
  execute(plan: PhysicalPlan, options?: ExecuteOptions): ResultStream;
  /** One result per file, in order; each is to be read, or left, before the next is asked for. */
  executeByFile(plan: GatherByFile, options?: ExecuteOptions): AsyncIterable<FileResult>;
  /** How fast the store has been lately: what placement is explained by. */
  readonly speed: StoreSpeed | undefined;
  /** Starts the local query engine in the background; resolves when it answers. Never needed. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

const smallestHeap = 256 << 20;
/** What a DuckDB instance can use of its 4 GiB address space. */
const largestHeap = 3.1 * 2 ** 30;

export function createEngine(options: EngineOptions): Engine {
  const memoryBudget = options.memoryBudget ?? totalmem() / 2;
  const threads = options.threads ?? availableParallelism();
  const workers = options.duckdbWorkers ?? Math.min(2, availableParallelism());
  const fragments = createFragmentRunner({
    store: options.store,
    catalog: options.catalog,
    threads,
    memoryBudget: memoryBudget / 4,
  });
  const heapBytes = Math.min(largestHeap, Math.max(smallestHeap, (memoryBudget * 0.75) / workers));
  return engineOf({ fragments, evaluator: { compileEval, evalValues }, pool: new DuckDbPool({ workers, heapBytes }) });
}

/** An engine of given parts. */
export function engineOf(machinery: Machinery): Engine {
  const execute = (plan: PhysicalPlan, options: ExecuteOptions = {}): ResultStream =>
    new Execution(plan, machinery, options);
  return {
    execute,
    async *executeByFile(plan, options) {
      for (const file of plan.files) {
        const stream = execute(restrictToFile(plan.input, file), options);
        yield { file, schema: stream.schema, batches: stream.batches, metrics: () => stream.metrics() };
      }
    },
    speed: machinery.fragments.speed,
    warm: () => machinery.pool.warm(),
    close: async () => {
      await Promise.all([machinery.pool.close(), machinery.fragments.close()]);
    },
  };
}
