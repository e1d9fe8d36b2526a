// The C library of Ceph's clients, found and bound when the first `rados://` store is opened: nothing else needs it.
import { isMainThread } from 'node:worker_threads';
import { fail } from '../../../core/index.js';

/** A pointer that C gave us, or 0. */
export type Handle = number | bigint;
/** A C function's place to put a handle. */
export type HandleOut = [Handle];

type Memory = Uint8Array | BigUint64Array | BigInt64Array | Int32Array | null;

/** A blocking function: called on a thread of Node's pool. */
type Blocking<A extends unknown[]> = (...args: A) => Promise<number>;

/** What is used of librados (librados.h has the meaning of each), under its own names without the prefix. */
export interface Librados {
  create2(cluster: HandleOut, clusterName: string, clientName: string, flags: number): number;
  conf_read_file(cluster: Handle, path: string | null): number;
  conf_parse_env(cluster: Handle, variable: string | null): number;
  conf_set(cluster: Handle, option: string, value: string): number;
  conf_get(cluster: Handle, option: string, value: Uint8Array, length: number): number;
  connect: Blocking<[cluster: Handle]>;
  shutdown: Blocking<[cluster: Handle]>;
  mon_command: Blocking<
    [
      cluster: Handle,
      command: readonly string[],
      parts: number,
      input: Uint8Array,
      inputLength: number,
      output: HandleOut,
      outputLength: HandleOut,
      status: HandleOut,
      statusLength: HandleOut,
    ]
  >;
  buffer_free(buffer: Handle): void;

  ioctx_create: Blocking<[cluster: Handle, pool: string, io: HandleOut]>;
  ioctx_destroy(io: Handle): void;
  ioctx_set_namespace(io: Handle, namespace: string): void;
  ioctx_pool_requires_alignment2(io: Handle, required: Int32Array): number;
  aio_flush: Blocking<[io: Handle]>;

  aio_create_completion2(argument: number, callback: bigint, completion: HandleOut): number;
  aio_get_return_value(completion: Handle): number;
  aio_release(completion: Handle): void;
  aio_cancel(io: Handle, completion: Handle): number;
  aio_stat(io: Handle, object: string, completion: Handle, size: BigUint64Array, modified: BigInt64Array): number;

  create_read_op(): Handle;
  release_read_op(op: Handle): void;
  read_op_stat(op: Handle, size: Memory, modified: Memory, result: Memory): void;
  read_op_read(op: Handle, offset: number, length: number, into: Memory, bytesRead: Memory, result: Memory): void;
  read_op_exec(
    op: Handle,
    cls: string,
    method: string,
    input: Memory,
    inputLength: number,
    output: Memory,
    outputLength: Memory,
    result: Memory,
  ): void;
  aio_read_op_operate(op: Handle, io: Handle, completion: Handle, object: string, flags: number): number;

  create_write_op(): Handle;
  release_write_op(op: Handle): void;
  write_op_create(op: Handle, exclusive: number, category: null): void;
  write_op_write_full(op: Handle, bytes: Memory, length: number): void;
  write_op_append(op: Handle, bytes: Memory, length: number): void;
  write_op_remove(op: Handle): void;
  aio_write_op_operate(
    op: Handle,
    io: Handle,
    completion: Handle,
    object: string,
    modified: null,
    flags: number,
  ): number;

  object_list_begin(io: Handle): Handle;
  object_list_end(io: Handle): Handle;
  object_list_is_end(io: Handle, cursor: Handle): number;
  object_list_cursor_free(io: Handle, cursor: Handle): void;
  object_list: Blocking<
    [
      io: Handle,
      start: Handle,
      finish: Handle,
      count: number,
      filter: null,
      filterLength: number,
      results: Uint8Array,
      next: HandleOut,
    ]
  >;
  object_list_free(count: number, results: Uint8Array): void;

  /** The names that {@link object_list} left. */
  listedNames(results: Uint8Array, count: number): string[];
  /** Bytes that C allocated, copied. */
  copyOf(buffer: Handle, length: number): Uint8Array;
  /** A C function pointer for `aio_create_completion2`; called on the main thread with the completion's argument. */
  completionCallback(called: (argument: number) => void): bigint;
}

/** Bytes of one `rados_object_list_item`: three lengths with a pointer each. */
export const listItemBytes = 48;

const signatures = {
  create2: 'int (_Out_ intptr_t *cluster, const char *name, const char *client, uint64_t flags)',
  conf_read_file: 'int (intptr_t cluster, const char *path)',
  conf_parse_env: 'int (intptr_t cluster, const char *variable)',
  conf_set: 'int (intptr_t cluster, const char *option, const char *value)',
  conf_get: 'int (intptr_t cluster, const char *option, void *value, size_t length)',
  buffer_free: 'void (intptr_t buffer)',
  ioctx_destroy: 'void (intptr_t io)',
  ioctx_set_namespace: 'void (intptr_t io, const char *ns)',
  ioctx_pool_requires_alignment2: 'int (intptr_t io, void *required)',
  aio_create_completion2: 'int (intptr_t argument, void *callback, _Out_ intptr_t *completion)',
  aio_get_return_value: 'int (intptr_t completion)',
  aio_release: 'void (intptr_t completion)',
  aio_cancel: 'int (intptr_t io, intptr_t completion)',
  aio_stat: 'int (intptr_t io, const char *object, intptr_t completion, void *size, void *modified)',
  create_read_op: 'intptr_t ()',
  release_read_op: 'void (intptr_t op)',
  read_op_stat: 'void (intptr_t op, void *size, void *modified, void *result)',
  read_op_read: 'void (intptr_t op, uint64_t offset, size_t length, void *into, void *bytes_read, void *result)',
  read_op_exec:
    'void (intptr_t op, const char *cls, const char *method, void *input, size_t input_length, void *output, void *output_length, void *result)',
  aio_read_op_operate: 'int (intptr_t op, intptr_t io, intptr_t completion, const char *object, int flags)',
  create_write_op: 'intptr_t ()',
  release_write_op: 'void (intptr_t op)',
  write_op_create: 'void (intptr_t op, int exclusive, const char *category)',
  write_op_write_full: 'void (intptr_t op, void *bytes, size_t length)',
  write_op_append: 'void (intptr_t op, void *bytes, size_t length)',
  write_op_remove: 'void (intptr_t op)',
  aio_write_op_operate:
    'int (intptr_t op, intptr_t io, intptr_t completion, const char *object, void *modified, int flags)',
  object_list_begin: 'intptr_t (intptr_t io)',
  object_list_end: 'intptr_t (intptr_t io)',
  object_list_is_end: 'int (intptr_t io, intptr_t cursor)',
  object_list_cursor_free: 'void (intptr_t io, intptr_t cursor)',
  object_list_free: 'void (size_t count, void *results)',
} as const;

const blockingSignatures = {
  connect: 'int (intptr_t cluster)',
  shutdown: 'void (intptr_t cluster)',
  mon_command:
    'int (intptr_t cluster, const char **command, size_t parts, void *input, size_t input_length, _Out_ intptr_t *output, _Out_ size_t *output_length, _Out_ intptr_t *status, _Out_ size_t *status_length)',
  ioctx_create: 'int (intptr_t cluster, const char *pool, _Out_ intptr_t *io)',
  aio_flush: 'int (intptr_t io)',
  object_list:
    'int (intptr_t io, intptr_t start, intptr_t finish, size_t count, void *filter, size_t filter_length, void *results, _Inout_ intptr_t *next)',
} as const;

const libraryNames = { linux: 'librados.so.2', darwin: 'librados.2.dylib', freebsd: 'librados.so.2' } as const;

let loaded: Promise<Librados> | undefined;

/** @throws DiagnosticError feature_not_supported where this machine has no librados, or on a worker thread */
export function loadLibrados(): Promise<Librados> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Librados> {
  // Its threads call back into ours; one that is terminated meanwhile would take the process down.
  if (!isMainThread) throw fail('feature_not_supported', 'a rados:// store can be opened on the main thread only');
  const { default: koffi } = await import('koffi').catch((cause: unknown) => {
    throw fail('feature_not_supported', 'rados:// stores need the npm package "koffi", which is not installed', {
      hint: 'npm install koffi',
      cause,
    });
  });
  const name: string | undefined = libraryNames[process.platform as keyof typeof libraryNames];
  if (!name) throw fail('feature_not_supported', `Ceph's client library does not exist for ${process.platform}`);
  let library: ReturnType<typeof koffi.load>;
  try {
    library = koffi.load(name);
  } catch (cause) {
    throw fail('feature_not_supported', `rados:// stores need Ceph's client library ${name}, which is not installed`, {
      hint: 'install the package librados2 (Debian, Ubuntu: apt-get install librados2; Fedora, RHEL: dnf install librados2)',
      cause,
    });
  }
  const named = (signature: string, short: string) => signature.replace(' (', ` rados_${short}(`);
  const functions: Record<string, unknown> = {};
  for (const [short, signature] of Object.entries(signatures)) functions[short] = library.func(named(signature, short));
  for (const [short, signature] of Object.entries(blockingSignatures)) {
    const bound = library.func(named(signature, short));
    functions[short] = (...args: unknown[]) =>
      new Promise<number>((resolve, reject) => {
        bound.async(...args, (error: unknown, result: number) => (error ? reject(error) : resolve(result)));
      });
  }
  functions['completionCallback'] = (called: (argument: number) => void) =>
    koffi.register(
      (_: Handle, argument: Handle) => called(Number(argument)),
      koffi.pointer(koffi.proto('void rados_callback(intptr_t completion, intptr_t argument)')),
    );
  functions['copyOf'] = (buffer: Handle, length: number) => new Uint8Array(koffi.view(BigInt(buffer), length)).slice();
  functions['listedNames'] = (results: Uint8Array, count: number) => {
    const view = new DataView(results.buffer, results.byteOffset, results.byteLength);
    const nameOf = (i: number) => {
      const length = Number(view.getBigUint64(i * listItemBytes, true));
      const text = koffi.view(view.getBigUint64(i * listItemBytes + 8, true), length);
      return new TextDecoder().decode(new Uint8Array(text).slice());
    };
    return Array.from({ length: count }, (_, i) => nameOf(i));
  };
  return functions as unknown as Librados;
}
