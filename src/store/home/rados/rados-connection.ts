// A connection and one pool: asynchronous operations of librados as promises.
import type { Handle, HandleOut, Librados } from './librados.js';
import type { RadosAddress } from './rados-address.js';
import { RadosCluster } from './rados-cluster.js';
import { connectFailure, noPool, RadosError } from './rados-failure.js';

interface Pending {
  readonly settle: () => void;
  /** What librados writes into must not be collected meanwhile; a variable that is not looked at again would be. */
  readonly held: readonly ArrayBufferView[];
}

/** The callback of all completions, and who waits for them. Made once: it must outlive every operation. */
class Completions {
  readonly #pending = new Map<number, Pending>();
  readonly #callback: bigint;
  /** Keeps the process alive while something is under way, which the threads of librados do not. */
  readonly #alive = setInterval(() => {}, 2 ** 30).unref();
  #next = 1;

  constructor(private readonly lib: Librados) {
    this.#callback = lib.completionCallback((id) => {
      const done = this.#pending.get(id);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#alive.unref();
      done?.settle();
    });
  }

  /** @throws RadosError */
  run(
    held: readonly ArrayBufferView[],
    submit: (completion: Handle) => number,
    cancel: (completion: Handle) => void,
    signal?: AbortSignal,
  ): Promise<number> {
    return new Promise<number>((resolve, reject) => {
      const id = this.#next++;
      const out: HandleOut = [0];
      this.lib.aio_create_completion2(id, this.#callback, out);
      const [completion] = out;
      const onAbort = () => cancel(completion);
      const settle = (code: number) => {
        signal?.removeEventListener('abort', onAbort);
        this.lib.aio_release(completion);
        if (code < 0) reject(new RadosError(-code));
        else resolve(code);
      };
      this.#pending.set(id, { settle: () => settle(this.lib.aio_get_return_value(completion)), held });
      this.#alive.ref();
      const code = submit(completion);
      if (code < 0) {
        this.#pending.delete(id);
        if (this.#pending.size === 0) this.#alive.unref();
        settle(code);
      } else signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

let completions: Completions | undefined;

export class RadosConnection {
  /** Ended by {@link close}; operations under way end first. */
  #closed: Promise<void> | undefined;

  private constructor(
    readonly cluster: RadosCluster,
    readonly io: Handle,
    /** An erasure-coded pool that takes whole stripes only. */
    readonly aligned: boolean,
    private readonly completions: Completions,
  ) {}

  /** @throws DiagnosticError where librados, configuration, key, monitors or pool are missing */
  static async open(address: RadosAddress): Promise<RadosConnection> {
    const cluster = await RadosCluster.open(address);
    const { lib, timeout } = cluster;
    const io: HandleOut = [0];
    const code = await lib.ioctx_create(cluster.handle, address.pool, io);
    if (code < 0) {
      await cluster.close();
      const error = new RadosError(-code);
      throw error.missing ? noPool(address.pool) : connectFailure(-code, address, timeout);
    }
    lib.ioctx_set_namespace(io[0], address.namespace);
    const aligned = new Int32Array(1);
    lib.ioctx_pool_requires_alignment2(io[0], aligned);
    completions ??= new Completions(lib);
    return new RadosConnection(cluster, io[0], aligned[0] !== 0, completions);
  }

  get lib(): Librados {
    return this.cluster.lib;
  }

  /** Seconds; 0 waits for ever. */
  get timeout(): number {
    return this.cluster.timeout;
  }

  /** What an asynchronous call answered; `held` is all memory that it writes into. @throws RadosError */
  async operate(
    held: readonly ArrayBufferView[],
    submit: (completion: Handle) => number,
    signal?: AbortSignal,
  ): Promise<number> {
    if (this.#closed) throw RadosError.disconnected();
    return this.completions.run(held, submit, (completion) => this.lib.aio_cancel(this.io, completion), signal);
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.lib.aio_flush(this.io);
      this.lib.ioctx_destroy(this.io);
      await this.cluster.close();
    })();
    return this.#closed;
  }
}
