// The worker threads of one ingest: each takes the next range when it is done with the last.
import type { Worker } from 'node:worker_threads';
import { DiagnosticError, fail, spawnWorker } from '../core/index.js';
import type { RangeAnswer, RangeTask } from './ingest-worker.js';

export type RangeResult = Extract<RangeAnswer, { encoded: unknown }>;

export class IngestWorkers {
  readonly #workers: readonly Worker[];
  #closed = false;

  constructor(threads: number) {
    this.#workers = Array.from({ length: threads }, () => spawnWorker('./ingest-worker.js', import.meta.url));
  }

  /**
   * Runs all tasks; `take` gets the results as they come, at most one per thread at a time, while the threads go on.
   * @throws DiagnosticError the first failure; tasks not begun by then are not begun any more
   */
  async run(tasks: readonly RangeTask[], take: (task: number, result: RangeResult) => Promise<void>): Promise<void> {
    let next = 0;
    let failed = false;
    const drain = async (worker: Worker) => {
      let taking: Promise<void> = Promise.resolve();
      try {
        while (next < tasks.length && !failed) {
          // A thread that has ended would never answer.
          if (this.#closed) throw canceled();
          const task = next++;
          const result = await ask(worker, tasks[task]!);
          await taking;
          taking = take(task, result);
          // Awaited above or below; a failure in between must not count as unhandled.
          taking.catch(() => undefined);
        }
      } catch (error) {
        failed = true;
        await taking.catch(() => undefined);
        throw error;
      }
      await taking;
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
    worker.postMessage(task);
  });
}

function canceled() {
  return fail('query_canceled', 'ingest was canceled', { detail: 'The dataset is as it was.' });
}
