// The warm pool of DuckDB worker threads. A query leases one; when all are taken, leases share the least used, since a
// suspended cursor may hold its lease for hours.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fail } from '../../core/index.js';
import { DuckDbSession } from './session.js';
import { WorkerHandle } from './worker-handle.js';

export interface DuckDbPoolOptions {
  /** Threads; they start as queries need them, or by {@link DuckDbPool.warm}, and stand-ins for those that are in the midst of a long step. */
  readonly workers: number;
  /** Hard bound of each instance's heap, in bytes; at most 4 GiB. */
  readonly heapBytes: number;
}

/** A worker for one query: its sessions live on it together, since DuckDB may read what another session of the query makes. */
export interface DuckDbLease {
  /** @param mayMove whether its query may begin anew elsewhere, where the worker does not listen: what is asked of the session is {@link Displaced} then */
  openSession(mayMove?: () => boolean): Promise<DuckDbSession>;
  /** Cancels what still runs. Idempotent. */
  release(): Promise<void>;
}

/** An idle worker whose heap grew beyond this share of its bound is replaced: WebAssembly memory never shrinks. */
const retireShare = 0.5;

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles once a process, lazily function by function: about 0.1 s. */
function compileModule(): Promise<WebAssembly.Module> {
  compiled ??= readFile(createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm')).then(
    (bytes) => WebAssembly.compile(bytes),
  );
  return compiled;
}

export class DuckDbPool {
  /** Those alive, starting ones included. */
  readonly workers: WorkerHandle[] = [];
  private closed = false;

  constructor(private readonly options: DuckDbPoolOptions) {}

  /** As many again stand in for those that do not listen. */
  private get mostWorkers(): number {
    return 2 * this.options.workers;
  }

  /** Starts one worker if there is none; resolves when it answers. */
  async warm(): Promise<void> {
    const worker = this.workers[0] ?? this.start();
    await worker?.ready;
  }

  /** @throws DiagnosticError crash_shutdown where a worker cannot start */
  async lease(): Promise<DuckDbLease> {
    const worker = await this.listening();
    const sessions: DuckDbSession[] = [];
    let released = false;
    return {
      openSession: async (mayMove) => {
        const session = new DuckDbSession(worker, mayMove);
        // Before it answers: a release meanwhile closes it too.
        sessions.push(session);
        await session.open();
        if (released) throw fail('query_canceled', 'canceling statement due to user request');
        return session;
      },
      release: async () => {
        if (released) return;
        released = true;
        await Promise.all(sessions.map((session) => session.close()));
        worker.letGo();
        if (worker.users > 0 || worker.dead) return;
        const isSpare = this.workers.length > this.options.workers;
        if (isSpare || worker.heapBytes > this.options.heapBytes * retireShare) await worker.terminate('retired');
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.workers.slice().map((worker) => worker.terminate('the engine was closed')));
  }

  /** Held. @throws DiagnosticError crash_shutdown where it cannot start */
  private async listening(): Promise<WorkerHandle> {
    const worker = this.choose();
    worker.hold();
    try {
      await worker.ready;
    } catch (error) {
      worker.letGo();
      throw error;
    }
    return worker;
  }

  private choose(): WorkerHandle {
    if (this.closed) throw fail('admin_shutdown', 'the engine is closed');
    const sound = this.workers.filter((worker) => worker.inDoubt === 0 && !worker.isDeaf);
    const idle = sound.find((worker) => worker.users === 0);
    if (idle) return idle;
    if (sound.length < this.options.workers && this.workers.length < this.mostWorkers) {
      const started = this.start();
      if (started) return started;
    }
    if (sound.length === 0) return this.workers.at(-1)!;
    return sound.reduce((least, worker) => (worker.users < least.users ? worker : least));
  }

  private start(): WorkerHandle | undefined {
    if (this.closed) return undefined;
    const worker = new WorkerHandle(compileModule(), { heapBytes: this.options.heapBytes }, (dead) => {
      const at = this.workers.indexOf(dead);
      if (at >= 0) this.workers.splice(at, 1);
      // Stay warm: the next query should not pay for this one's accident.
      if (started && this.workers.length === 0) this.start();
    });
    worker.isReserve = () => this.workers.length >= this.mostWorkers && this.workers.at(-1) === worker;
    worker.hasStandIn = () => !this.closed && this.choose() !== worker;
    let started = false;
    worker.ready.then(
      () => {
        started = true;
      },
      () => {},
    );
    this.workers.push(worker);
    return worker;
  }
}
