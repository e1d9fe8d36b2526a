// `rados://POOL[/NAMESPACE]`: objects in a pool of a Ceph cluster.
import { DiagnosticError, fail } from '../../../core/index.js';
import { isImmutable } from '../../object-names.js';
import type { ByteRange, ObjectStat, ObjectStore } from '../../object-store.js';
import { ByteGate } from './byte-gate.js';
import { ClassBreaker } from './class-breaker.js';
import { type Handle, listItemBytes } from './librados.js';
import { parseRadosUrl, type RadosAddress } from './rados-address.js';
import { RadosConnection } from './rados-connection.js';
import { className, classRefusal, operationFailure, RadosError } from './rados-failure.js';

/** Of reads and writes under way; librados has a bound of 100 MiB of its own, at which it would block. */
const bytesUnderWay = 64 << 20;
const operationsUnderWay = 256;

/** Objects read whole are small as a rule: they come with their size in one operation. */
const firstBytes = 64 << 10;

/** An operation carries so many reads at most. */
const rangesAtOnce = 1024;

const namesAtOnce = 1000;

/** `LIBRADOS_OPERATION_…` */
const flags = { none: 0, balanceReads: 1, localizeReads: 2, fullTry: 64 } as const;
const exclusive = 1;

/** Milliseconds until a storage daemon that runs a fragment counts as hanging: less than the 15 s at which its neighbours would say so. */
const patience = 10_000;

export class RadosStore implements ObjectStore {
  readonly url: string;
  readonly #address: RadosAddress;
  /** As messages name the store. */
  readonly #name: string;
  readonly #gate = new ByteGate(bytesUnderWay, operationsUnderWay);
  readonly #breaker = new ClassBreaker();
  #connection: Promise<RadosConnection> | undefined;
  #closed = false;

  private constructor(url: string) {
    this.url = url;
    this.#address = parseRadosUrl(url);
    this.#name = url.replace(/\?.*/, '');
  }

  /** @throws DiagnosticError invalid_parameter_value for the address; what {@link RadosConnection.open} throws */
  static async open(url: string): Promise<RadosStore> {
    const store = new RadosStore(url);
    await store.#connected();
    return store;
  }

  async read(name: string, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    return this.#attempt('read', name, options.signal, async (connection) => {
      const head = new Uint8Array(firstBytes);
      const { size, bytesRead } = await this.#gate.through(firstBytes, () =>
        readWithSize(connection, name, head, this.#readFlags(name), options.signal),
      );
      if (size <= bytesRead) return head.slice(0, size);
      const [rest] = await this.#ranges(
        connection,
        name,
        [{ offset: bytesRead, length: size - bytesRead }],
        options.signal,
      );
      const whole = new Uint8Array(size);
      whole.set(head.subarray(0, bytesRead));
      whole.set(rest!, bytesRead);
      return whole;
    });
  }

  async readRanges(
    name: string,
    ranges: readonly ByteRange[],
    options: { signal?: AbortSignal } = {},
  ): Promise<Uint8Array[]> {
    return this.#attempt('read', name, options.signal, async (connection) => {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < ranges.length; at += rangesAtOnce)
        parts.push(...(await this.#ranges(connection, name, ranges.slice(at, at + rangesAtOnce), options.signal)));
      return parts;
    });
  }

  async stat(name: string): Promise<ObjectStat | undefined> {
    try {
      return await this.#attempt('read', name, undefined, async (connection) => {
        const size = new BigUint64Array(1);
        const modified = new BigInt64Array(1);
        const { lib, io } = connection;
        await connection.operate([size, modified], (completion) => lib.aio_stat(io, name, completion, size, modified));
        return { size: Number(size[0]), modified: Number(modified[0]) * 1000 };
      });
    } catch (error) {
      if (error instanceof DiagnosticError && error.diagnostic.condition === 'undefined_file') return undefined;
      throw error;
    }
  }

  async write(name: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const parts = bytes instanceof Uint8Array ? [bytes] : bytes;
    await this.#attempt('write', name, undefined, (connection) => this.#writeOperation(connection, name, parts));
  }

  async create(name: string, bytes: Uint8Array): Promise<boolean> {
    try {
      // Not run again on a new connection, where it would meet what it made itself.
      const create = (connection: RadosConnection) => this.#writeOperation(connection, name, [bytes], { create: true });
      await this.#attempt('write', name, undefined, create, { again: false });
      return true;
    } catch (error) {
      const cause = error instanceof DiagnosticError ? error.cause : undefined;
      if (!(cause instanceof RadosError)) throw error;
      if (cause.exists) return false;
      if (!cause.inDoubt) throw error;
      return this.#wasCreated(name, bytes, error);
    }
  }

  async delete(name: string): Promise<void> {
    try {
      await this.#attempt('write', name, undefined, (connection) => {
        const { lib } = connection;
        return this.#write(connection, name, 0, (op) => lib.write_op_remove(op));
      });
    } catch (error) {
      if (error instanceof DiagnosticError && error.cause instanceof RadosError && error.cause.missing) return;
      throw error;
    }
  }

  /** Goes through the whole pool, whatever the prefix. */
  async *list(prefix: string): AsyncIterable<string> {
    const connection = await this.#connected();
    const { lib, io } = connection;
    let at = lib.object_list_begin(io);
    let next = lib.object_list_begin(io);
    const end = lib.object_list_end(io);
    try {
      while (lib.object_list_is_end(io, at) === 0) {
        const results = new Uint8Array(namesAtOnce * listItemBytes);
        const found = await lib.object_list(io, at, end, namesAtOnce, null, 0, results, [next]);
        if (found < 0) throw operationFailure(new RadosError(-found), this.#failed('read', prefix, connection));
        const names = lib.listedNames(results, found);
        lib.object_list_free(namesAtOnce, results);
        for (const name of names) if (name.startsWith(prefix)) yield name;
        [at, next] = [next, at];
      }
    } finally {
      for (const cursor of [at, next, end]) lib.object_list_cursor_free(io, cursor);
    }
  }

  /** In the storage daemon, by the object class. @throws DiagnosticError feature_not_supported where the caller has to read and run it himself */
  async execute(name: string, fragment: Uint8Array, options: { signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const refuse = (reason: string, cause?: unknown) => fail('feature_not_supported', reason, { cause });
    const refusal = this.#breaker.refusal;
    if (refusal !== undefined) throw refuse(refusal);
    const late = AbortSignal.timeout(patience);
    const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
    try {
      const answer = await this.#attempt('read', name, options.signal, (connection) =>
        callClass(connection, name, 'execute', fragment, this.#readFlags(name), signal),
      );
      this.#breaker.answered();
      return answer;
    } catch (error) {
      const cause = error instanceof DiagnosticError ? error.cause : undefined;
      if (!(cause instanceof RadosError) || options.signal?.aborted || cause.missing) throw error;
      const allowed = cause.denied
        ? await this.#attempt('read', name, options.signal, (connection) => isClassAllowed(connection, name, signal))
        : undefined;
      const reason = classRefusal(cause, this.#address.id, allowed);
      // What is wrong with one object is no reason not to ask for others.
      if (reason.lasting) this.#breaker.open(reason.text);
      throw refuse(reason.text, error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.close();
  }

  #connected(): Promise<RadosConnection> {
    if (this.#closed) throw fail('connection_failure', `store ${this.#name} is closed`);
    if (this.#connection) return this.#connection;
    const opening = RadosConnection.open(this.#address);
    this.#connection = opening;
    // The next operation tries again.
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  #forget(connection: Promise<RadosConnection>): void {
    if (this.#connection === connection) this.#connection = undefined;
  }

  /** Runs one operation; on a connection that is of no use any more, it is run once more on a new one. */
  async #attempt<T>(
    kind: 'read' | 'write',
    object: string,
    signal: AbortSignal | undefined,
    run: (connection: RadosConnection) => Promise<T>,
    { again = true } = {},
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      if (signal?.aborted) throw fail('query_canceled', 'canceled while reading from the store');
      const opening = this.#connected();
      const connection = await opening;
      try {
        return await run(connection);
      } catch (error) {
        if (!(error instanceof RadosError)) throw error;
        if (signal?.aborted && error.canceled)
          throw fail('query_canceled', 'canceled while reading from the store', { cause: error });
        if (error.disconnected) {
          this.#forget(opening);
          void connection.close();
          if (again && attempt === 0 && !this.#closed) continue;
        }
        throw operationFailure(error, this.#failed(kind, object, connection));
      }
    }
  }

  #failed(kind: 'read' | 'write', object: string, { timeout }: RadosConnection) {
    return { kind, object, url: this.#name, timeout };
  }

  #readFlags(name: string): number {
    // Only what never changes may be read from a copy that is behind.
    if (!isImmutable(name)) return flags.none;
    const { reads } = this.#address;
    return reads === 'balance' ? flags.balanceReads : reads === 'localize' ? flags.localizeReads : flags.none;
  }

  /** All of them in one operation. */
  #ranges(
    connection: RadosConnection,
    name: string,
    ranges: readonly ByteRange[],
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array[]> {
    const bytes = ranges.reduce((sum, { length }) => sum + length, 0);
    return this.#gate.through(bytes, async () => {
      const { lib, io } = connection;
      const parts = ranges.map(({ length }) => new Uint8Array(length));
      const bytesRead = new BigUint64Array(ranges.length);
      const results = new Int32Array(ranges.length);
      const op = lib.create_read_op();
      try {
        // A read of nothing would read all there is.
        for (const [r, { offset, length }] of ranges.entries())
          if (length > 0)
            lib.read_op_read(op, offset, length, parts[r]!, bytesRead.subarray(r, r + 1), results.subarray(r, r + 1));
        await connection.operate(
          [...parts, bytesRead, results],
          (completion) => lib.aio_read_op_operate(op, io, completion, name, this.#readFlags(name)),
          signal,
        );
      } finally {
        lib.release_read_op(op);
      }
      for (const [r, { offset, length }] of ranges.entries()) {
        if (results[r]! < 0) throw new RadosError(-results[r]!);
        if (Number(bytesRead[r]) < length)
          throw fail(
            'data_corrupted',
            `object "${name}" of store ${this.#name} ends before byte ${offset + length}: it is truncated`,
          );
      }
      return parts;
    });
  }

  async #writeOperation(
    connection: RadosConnection,
    name: string,
    parts: readonly Uint8Array[],
    { create = false } = {},
  ): Promise<void> {
    const { lib } = connection;
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    // An erasure-coded pool takes appended parts only where they fill a stripe.
    const whole = connection.aligned ? [concatenated(parts, size)] : parts;
    const [first = new Uint8Array(0), ...rest] = whole;
    await this.#write(connection, name, size, (op) => {
      if (create) lib.write_op_create(op, exclusive, null);
      lib.write_op_write_full(op, first, first.length);
      for (const part of rest) if (part.length > 0) lib.write_op_append(op, part, part.length);
    });
  }

  #write(connection: RadosConnection, name: string, bytes: number, fill: (op: Handle) => void): Promise<number> {
    const { lib, io } = connection;
    return this.#gate.through(bytes, async () => {
      const op = lib.create_write_op();
      try {
        // librados takes a copy.
        fill(op);
        // A full pool answers so, and lets deletions through; without this flag operations wait until there is room.
        return await connection.operate([], (completion) =>
          lib.aio_write_op_operate(op, io, completion, name, null, flags.fullTry),
        );
      } finally {
        lib.release_write_op(op);
      }
    });
  }

  /** After a `create` that was not answered. */
  async #wasCreated(name: string, bytes: Uint8Array, unanswered: unknown): Promise<boolean> {
    const found = await this.read(name).catch((error: unknown) => error);
    if (found instanceof Uint8Array) return Buffer.compare(found, bytes) === 0;
    throw fail(
      'transaction_resolution_unknown',
      `store ${this.#name} did not say whether object "${name}" was created`,
      { hint: 'look before you try again', cause: unanswered },
    );
  }
}

/**
 * Whether the daemon of an object that does not run the class may load it: it looks for the class and the method before it looks at the
 * rights of who asks, so that a method that no class has tells the one from the other. `undefined`: it does not say.
 */
export async function isClassAllowed(
  connection: RadosConnection,
  name: string,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  try {
    await callClass(connection, name, 'no_such_method', new Uint8Array(1), 0, signal);
  } catch (error) {
    if (!(error instanceof RadosError)) throw error;
    if (error.denied) return false;
    if (error.unsupported) return true;
  }
  return undefined;
}

/** What a method of the object class answers. @throws RadosError */
export async function callClass(
  connection: RadosConnection,
  name: string,
  method: string,
  input: Uint8Array,
  callFlags: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { lib, io } = connection;
  const output = new BigUint64Array(2);
  const result = new Int32Array(1);
  const op = lib.create_read_op();
  try {
    lib.read_op_exec(op, className, method, input, input.length, output.subarray(0, 1), output.subarray(1), result);
    await connection.operate(
      [output, result],
      (completion) => lib.aio_read_op_operate(op, io, completion, name, callFlags),
      signal,
    );
    if (result[0]! < 0) throw new RadosError(-result[0]!);
    return lib.copyOf(output[0]!, Number(output[1]));
  } finally {
    lib.release_read_op(op);
    if (output[0] !== 0n) lib.buffer_free(output[0]!);
  }
}

async function readWithSize(
  connection: RadosConnection,
  name: string,
  into: Uint8Array,
  readFlags: number,
  signal: AbortSignal | undefined,
): Promise<{ size: number; bytesRead: number }> {
  const { lib, io } = connection;
  const size = new BigUint64Array(1);
  const bytesRead = new BigUint64Array(1);
  const results = new Int32Array(2);
  const op = lib.create_read_op();
  try {
    lib.read_op_stat(op, size, null, results.subarray(0, 1));
    lib.read_op_read(op, 0, into.length, into, bytesRead, results.subarray(1));
    await connection.operate(
      [into, size, bytesRead, results],
      (completion) => lib.aio_read_op_operate(op, io, completion, name, readFlags),
      signal,
    );
  } finally {
    lib.release_read_op(op);
  }
  for (const result of results) if (result < 0) throw new RadosError(-result);
  return { size: Number(size[0]), bytesRead: Number(bytesRead[0]) };
}

function concatenated(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
