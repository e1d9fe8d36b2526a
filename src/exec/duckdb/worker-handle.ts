// The pool's side of one DuckDB worker thread: requests out, answers in, and what happens when the thread dies.
import type { Worker } from 'node:worker_threads';
import { fail, spawnWorker } from '../../core/index.js';
import { diagnose } from './failure.js';
import {
  coarseTime,
  type SessionRequest,
  type WorkerModule,
  type WorkerReady,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSetup,
} from './protocol.js';

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
  readonly session: number;
  readonly sql: string | undefined;
}

/** Milliseconds: many times a slice. */
export const deafAfter = 300;

export class WorkerHandle {
  /** Resolves when the instance answers; rejects when the thread dies before. */
  readonly ready: Promise<void>;
  readonly thread: Worker;
  /** Leases that use it. */
  users = 0;
  heapBytes = 0;
  optimizersOff = '';
  /** Canceled sessions that have not said that they stopped: the thread may be ended for them, and who comes now with it. */
  inDoubt = 0;
  dead = false;
  /** Whether another worker would be chosen now. */
  hasStandIn: () => boolean = () => false;
  /** The last of as many as there may be: nobody keeps others waiting on it for long. */
  isReserve: () => boolean = () => false;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private nextSession = 0;
  private settleReady: { resolve: () => void; reject: (error: Error) => void } | undefined;

  private readonly step = new Int32Array(new SharedArrayBuffer(8));

  constructor(
    module: Promise<WebAssembly.Module>,
    setup: Omit<WorkerSetup, 'step'>,
    private readonly onDeath: (handle: WorkerHandle) => void,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.settleReady = { resolve, reject };
    });
    this.ready.catch(() => {});
    this.thread = spawnWorker('./worker.js', import.meta.url, {
      workerData: { ...setup, step: this.step } satisfies WorkerSetup,
      name: 'duckdb',
    });
    this.thread.on('message', (message: WorkerReply | WorkerReady) => this.receive(message));
    this.thread.on('error', (error) => this.die(describeDeath(error)));
    this.thread.on('exit', () => this.die('its thread ended'));
    module.then(
      (compiled) => this.thread.postMessage({ module: compiled } satisfies WorkerModule),
      (error: Error) => void this.terminate(error.message),
    );
  }

  /** One step of a query takes so long that nobody else's gets on: a join whose rows have very many partners. */
  get isDeaf(): boolean {
    const since = Atomics.load(this.step, 0);
    return since !== 0 && ((coarseTime() - since) & 0x7fffffff) > deafAfter;
  }

  /** Whether a long step of this session keeps others waiting where nobody may. */
  isHeldBy(session: number): boolean {
    return this.users > 1 && this.isReserve() && this.isDeaf && Atomics.load(this.step, 1) === session;
  }

  /** Whether it is in the midst of a step of another session. */
  isDeafFor(session: number): boolean {
    return this.isDeaf && Atomics.load(this.step, 1) !== session;
  }

  newSession(): number {
    return this.nextSession++;
  }

  /** Rejects with a diagnostic. */
  request(session: number, request: SessionRequest, transfer: readonly ArrayBuffer[] = []): Promise<WorkerReply> {
    if (this.dead) return Promise.reject(diagnose({ type: 'crash', message: 'its thread ended' }));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, session, sql: 'sql' in request ? request.sql : undefined });
      this.thread.postMessage({ id, session, request } satisfies WorkerRequest, transfer);
    });
  }

  /** Whether any request of the session is unanswered. */
  isBusy(session: number): boolean {
    for (const waiting of this.waiting.values()) if (waiting.session === session) return true;
    return false;
  }

  /** Keeps the process alive while it starts or somebody waits for results, and only then. */
  hold(): void {
    if (this.users++ === 0) this.thread.ref();
  }

  letGo(): void {
    if (--this.users === 0) this.thread.unref();
  }

  async terminate(reason: string): Promise<void> {
    this.die(reason);
    await this.thread.terminate();
  }

  private receive(message: WorkerReply | WorkerReady): void {
    if ('ready' in message) {
      this.settleReady?.resolve();
      if (this.users === 0) this.thread.unref();
      return;
    }
    this.heapBytes = message.heapBytes;
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    if (!message.failure) {
      waiting.resolve(message);
      return;
    }
    waiting.reject(diagnose(message.failure, waiting.sql));
    // After such a failure the instance's memory is in an unknown state.
    if (message.failure.type === 'crash') void this.terminate(message.failure.message);
  }

  private die(reason: string): void {
    if (this.dead) return;
    this.dead = true;
    const error = () =>
      reason === outOfHeap
        ? fail('out_of_memory', 'out of memory', { detail: reason })
        : diagnose({ type: 'crash', message: reason });
    this.settleReady?.reject(error());
    for (const { reject } of this.waiting.values()) reject(error());
    this.waiting.clear();
    this.onDeath(this);
  }
}

const outOfHeap = 'The thread of the local query engine ran out of memory.';

function describeDeath(error: Error): string {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfHeap : error.message;
}
