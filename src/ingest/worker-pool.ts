// The worker threads of one ingest: each takes the next range when it is done with the last.
import type { Worker } from 'node:worker_threads';
import { DiagnosticError, fail, spawnWorker } from '../core/index.js';
import type { RangeAnswer, RangeTask } from './ingest-worker.js';

export type RangeResult = Extract<RangeAnswer, { encoded: unknown }>;

/** A range still without a buffer. */
export type PlannedRange = Omit<RangeTask, 'buffer'>;

/**
 * A thread's young objects are collected once they, and the buffers they hold, exceed some two thirds of this: baskets are expanded by the
 * thousand, and what is dead should not wait.
 */
const youngMegabytes = 6;

export class IngestWorkers {
  readonly #workers: readonly Worker[];
  readonly #spare: ReadonlyMap<Worker, ArrayBuffer[]>;
  readonly #partitionCapacity: number;
  #closed = false;

  /** Each thread has two buffers of `partitionCapacity` bytes: one being filled, one being written. */
  constructor(threads: number, partitionCapacity: number) {
    this.#partitionCapacity = partitionCapacity;
    const options = { resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes } };
    this.#workers = Array.from({ length: threads }, () => spawnWorker('./ingest-worker.js', import.meta.url, options));
    this.#spare = new Map(this.#workers.map((worker) => [worker, []]));
  }

  /**
   * Runs all tasks, each in as many parts as its bytes need; `take` gets the results as they come, at most one per thread at a time,
   * while the threads go on. Their bytes are its own until it returns.
   * @throws DiagnosticError the first failure; tasks not begun by then are not begun any more
   */
  async run(tasks: readonly PlannedRange[], take: (task: number, result: RangeResult) => Promise<void>): Promise<void> {
    let next = 0;
    let failed = false;
    const drain = async (worker: Worker) => {
      const spare = this.#spare.get(worker) ?? [];
      let taking: Promise<void> = Promise.resolve();
      const takeAndKeep = async (task: number, result: RangeResult) => {
        await take(task, result);
        const { buffer } = result.encoded.bytes;
        if (buffer.byteLength === this.#partitionCapacity) spare.push(buffer);
      };
      try {
        while (next < tasks.length) {
          const task = next++;
          const range = tasks[task]!;
          for (let { start } = range; start < range.stop; ) {
            if (failed) return;
            // A thread that has ended would never answer.
            if (this.#closed) throw canceled();
            const result = await ask(worker, { ...range, start, buffer: spare.pop() ?? this.#partitionCapacity });
            start = result.encoded.stop;
            await taking;
            taking = takeAndKeep(task, result);
            // Awaited above or below; a failure in between must not count as unhandled.
            taking.catch(() => undefined);
          }
        }
        await taking;
      } catch (error) {
        failed = true;
        await taking.catch(() => undefined);
        throw error;
      }
    };
    const outcomes = await Promise.allSettled(this.#workers.map(drain));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, task: RangeTask): Promise<RangeResult> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (answer: RangeAnswer) => {
      settle();
      if ('encoded' in answer) resolve(answer);
      else if ('diagnostic' in answer) reject(new DiagnosticError(answer.diagnostic));
      else reject(new Error(answer.bug));
    };
    const onError = (error: Error & { code?: string }) => {
      settle();
      reject(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? fail('out_of_memory', `no memory left to read "${task.source}"`, { cause: error })
          : error,
      );
    };
    const onExit = () => {
      settle();
      reject(canceled());
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.postMessage(task, typeof task.buffer === 'number' ? [] : [task.buffer]);
  });
}

function canceled() {
  return fail('query_canceled', 'ingest was canceled', { detail: 'The dataset is as it was.' });
}
