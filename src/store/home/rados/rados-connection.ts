// One connection to a cluster and one pool of it: asynchronous operations of librados as promises.
import { type Handle, type HandleOut, type Librados, loadLibrados } from './librados.js';
import type { RadosAddress } from './rados-address.js';
import { connectFailure, noConfiguration, noPool, RadosError } from './rados-failure.js';

/** Seconds until an operation fails, where neither the address nor ceph.conf says. A storage daemon that dies is noticed in some 25. */
const defaultTimeout = 60;
/** Seconds to find a monitor; librados would take 300. */
const defaultConnectTimeout = 30;

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
    readonly lib: Librados,
    private readonly cluster: Handle,
    readonly io: Handle,
    /** Seconds; 0 waits for ever. */
    readonly timeout: number,
    /** An erasure-coded pool that takes whole stripes only. */
    readonly aligned: boolean,
    private readonly completions: Completions,
  ) {}

  /** @throws DiagnosticError where librados, configuration, key, monitors or pool are missing */
  static async open(address: RadosAddress): Promise<RadosConnection> {
    const lib = await loadLibrados();
    const { cluster, timeout } = await connect(lib, address);
    const io: HandleOut = [0];
    const code = await lib.ioctx_create(cluster, address.pool, io);
    if (code < 0) {
      await lib.shutdown(cluster);
      const error = new RadosError(-code);
      throw error.missing ? noPool(address.pool) : connectFailure(-code, address, timeout);
    }
    lib.ioctx_set_namespace(io[0], address.namespace);
    const aligned = new Int32Array(1);
    lib.ioctx_pool_requires_alignment2(io[0], aligned);
    completions ??= new Completions(lib);
    return new RadosConnection(lib, cluster, io[0], timeout, aligned[0] !== 0, completions);
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

  /** The answer of the monitors to a command, as JSON. @throws RadosError */
  async monitorCommand(command: Readonly<Record<string, unknown>>): Promise<unknown> {
    const [output, length, status, statusLength]: HandleOut[] = [[0], [0], [0], [0]];
    const text = JSON.stringify({ format: 'json', ...command });
    const nothing = new Uint8Array(1);
    const code = await this.lib.mon_command(
      this.cluster,
      [text],
      1,
      nothing,
      0,
      output as HandleOut,
      length as HandleOut,
      status as HandleOut,
      statusLength as HandleOut,
    );
    const answer = Number(length![0]) > 0 ? this.lib.copyOf(output![0], Number(length![0])) : nothing.subarray(1);
    for (const buffer of [output, status]) if (Number(buffer![0]) !== 0) this.lib.buffer_free(buffer![0]);
    if (code < 0) throw new RadosError(-code);
    return answer.length === 0 ? undefined : JSON.parse(new TextDecoder().decode(answer));
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.lib.aio_flush(this.io);
      this.lib.ioctx_destroy(this.io);
      await this.lib.shutdown(this.cluster);
    })();
    return this.#closed;
  }
}

async function connect(lib: Librados, address: RadosAddress): Promise<{ cluster: Handle; timeout: number }> {
  const { conf, id, keyring } = address;
  const out: HandleOut = [0];
  const made = lib.create2(out, address.cluster, `client.${id}`, 0);
  if (made < 0) throw connectFailure(-made, address, 0);
  const [cluster] = out;
  try {
    // What librados has to say comes as our error.
    for (const option of ['log_to_stderr', 'err_to_stderr']) lib.conf_set(cluster, option, 'false');
    const read = lib.conf_read_file(cluster, conf ?? null);
    if (read < 0) throw noConfiguration(conf, -read);
    lib.conf_parse_env(cluster, null);
    if (keyring !== undefined) lib.conf_set(cluster, 'keyring', keyring);
    const asConfigured = (option: string) => {
      const value = new Uint8Array(64);
      const code = lib.conf_get(cluster, option, value, value.length);
      return code < 0 ? 0 : Number.parseFloat(new TextDecoder().decode(value));
    };
    const timeout = address.timeout ?? (asConfigured('rados_osd_op_timeout') || defaultTimeout);
    lib.conf_set(cluster, 'rados_osd_op_timeout', String(timeout));
    if (!asConfigured('rados_mon_op_timeout')) lib.conf_set(cluster, 'rados_mon_op_timeout', String(timeout));
    let toConnect = asConfigured('client_mount_timeout');
    if (toConnect === 0 || toConnect >= 300) {
      toConnect = address.timeout ? Math.min(address.timeout, defaultConnectTimeout) : defaultConnectTimeout;
      lib.conf_set(cluster, 'client_mount_timeout', String(toConnect));
    }
    const code = await lib.connect(cluster);
    if (code < 0) throw connectFailure(-code, address, toConnect);
    return { cluster, timeout };
  } catch (error) {
    await lib.shutdown(cluster);
    throw error;
  }
}
