// Worker threads for fragments: one job each at a time, the next waits. A thread that dies fails its job alone and is replaced.
import type { Worker } from 'node:worker_threads';
import { DiagnosticError, fail, spawnWorker } from '../../core/index.js';
import { type RangeReader, temporaryPrefix } from '../../store/index.js';
import type { FragmentJob, FragmentReply } from './fragment-worker.js';
import type { ReadReply, ReadRequest } from './parent-store.js';

interface Task {
  readonly job: FragmentJob;
  readonly signal: AbortSignal;
  readonly resolve: (result: Uint8Array) => void;
  readonly onMoved: ((bytes: number) => void) | undefined;
  readonly reject: (error: unknown) => void;
}

export class FragmentPool {
  private readonly idle: Worker[] = [];
  private readonly busy = new Map<Worker, Task>();
  private readonly waiting: Task[] = [];
  private closed = false;

  constructor(
    private readonly store: RangeReader,
    private readonly threads: number,
  ) {}

  /** The encoded result; `onMoved` is told how many bytes were read for it. @throws DiagnosticError out_of_memory or crash_shutdown when its thread dies; query_canceled at once on abort */
  async run(
    { object, bytes, evaluator }: FragmentJob,
    signal: AbortSignal,
    onMoved?: (bytes: number) => void,
  ): Promise<Uint8Array> {
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        const shared = this.store.shared?.(object);
        // Threads open folders alone.
        const askParent = !shared && (!this.store.url.startsWith('file:') || object.startsWith(temporaryPrefix));
        const task: Task = { job: { object, bytes, evaluator, shared, askParent }, signal, resolve, reject, onMoved };
        onAbort = () => {
          const at = this.waiting.indexOf(task);
          if (at >= 0) this.waiting.splice(at, 1);
          // A running fragment ends by itself; nobody waits for it.
          reject(fail('query_canceled', 'canceling statement due to user request'));
        };
        if (signal.aborted) return onAbort();
        signal.addEventListener('abort', onAbort, { once: true });
        this.waiting.push(task);
        this.next();
      });
    } finally {
      if (onAbort) signal.removeEventListener('abort', onAbort);
    }
  }

  /** Threads that have come up. */
  ready = 0;

  /** Starts threads for so many jobs. */
  start(jobs: number): void {
    if (this.closed) return;
    for (let n = this.workers.length; n < Math.min(this.threads, jobs); n++) {
      const worker = this.spawn();
      worker.unref();
      this.idle.unshift(worker);
    }
  }

  /** Thread ids, for tests that kill them. */
  get workers(): readonly Worker[] {
    return [...this.idle, ...this.busy.keys()];
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private next(): void {
    if (this.closed || this.waiting.length === 0) return;
    const worker = this.idle.pop() ?? (this.busy.size < this.threads ? this.spawn() : undefined);
    if (!worker) return;
    const task = this.waiting.shift()!;
    this.busy.set(worker, task);
    worker.ref();
    worker.postMessage(task.job);
  }

  private spawn(): Worker {
    const worker = spawnWorker('./fragment-worker.js', import.meta.url, { workerData: { url: this.store.url } });
    let up = false;
    worker.once('exit', () => {
      if (up) this.ready--;
    });
    worker.on('message', (reply: FragmentReply) => {
      if ('ready' in reply) {
        up = true;
        this.ready++;
        return;
      }
      const task = this.busy.get(worker);
      if ('read' in reply) {
        void this.read(reply, task?.signal).then((answer) => {
          const buffers = 'parts' in answer ? answer.parts.map(({ buffer }) => buffer) : [];
          worker.postMessage(answer, [...new Set(buffers)]);
        });
        return;
      }
      this.busy.delete(worker);
      this.idle.push(worker);
      worker.unref();
      if (task && 'result' in reply) {
        task.onMoved?.(reply.moved);
        task.resolve(reply.result);
      } else if (task && 'bug' in reply) task.reject(new Error(reply.bug));
      this.next();
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.lost(
        worker,
        memory
          ? fail('out_of_memory', 'a fragment ran out of memory')
          : fail('crash_shutdown', `a fragment thread died: ${error.message}`, { cause: error }),
      );
    });
    worker.on('exit', () => this.lost(worker, fail('crash_shutdown', 'a fragment thread died')));
    return worker;
  }

  /** For a thread. */
  private async read({ read, object, ranges }: ReadRequest, signal?: AbortSignal): Promise<ReadReply> {
    try {
      const parts = await this.store.readRanges(object, ranges, signal && { signal });
      return { read, parts: parts as Uint8Array<ArrayBuffer>[] };
    } catch (error) {
      const { diagnostic } =
        error instanceof DiagnosticError ? error : fail('internal_error', String(error), { cause: error });
      return { read, diagnostic };
    }
  }

  private lost(worker: Worker, error: DiagnosticError): void {
    const task = this.busy.get(worker);
    this.busy.delete(worker);
    const at = this.idle.indexOf(worker);
    if (at >= 0) this.idle.splice(at, 1);
    task?.reject(error);
    this.next();
  }
}
