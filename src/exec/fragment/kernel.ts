// The kernel's home in this process: kernel.wasm (kernel/, C++) runs a fragment's bytes over the columns it asks for.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { decodeFragmentHead, type Fragment, fail } from '../../core/index.js';
import { type RangeReader, readBuffers } from '../../store/index.js';

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  sk_allocate(size: number): number;
  sk_release(at: number): void;
  sk_open(bytes: number, size: number, limits: number, flags: number): number;
  sk_step(run: number): number;
  sk_wants(run: number, column: number): number;
  sk_buffer(run: number, column: number, buffer: number): number;
  sk_answer(run: number): number;
  sk_answer_size(run: number): number;
  sk_close(run: number): void;
}

/** `SK_TRUST_BUFFERS`: checksums are checked where the bytes are read. */
const trustBuffers = 1;
/** `sk_limits`: five numbers of eight bytes, the last the milliseconds after which the kernel lets others run. */
const limitsSize = 40;
const sliceAt = 32;
const sliceMillis = 20n;
/** Memory that grew larger is given back when no run is under way: WebAssembly's never shrinks. */
const keptBytes = 256 << 20;

/** The checked bytes of some of the fragment's columns, buffer by buffer. */
export type ReadBuffers = (
  fragment: Omit<Fragment, 'program'>,
  columns: readonly number[],
) => Promise<readonly (readonly Uint8Array[])[]>;

export class FragmentKernel {
  private instance: KernelExports | undefined;
  private runs = 0;

  constructor(private readonly module: WebAssembly.Module) {}

  /** Result bytes: rows, an error, or that this kernel cannot; `undefined` without memory. @throws what `read` throws, and RuntimeError where the kernel traps: a bug */
  async run(bytes: Uint8Array, read: ReadBuffers, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const head = decodeFragmentHead(bytes);
    this.instance ??= instantiate(this.module);
    const kernel = this.instance;
    this.runs++;
    try {
      return await runOne(kernel, bytes, (columns) => read(head, columns), head.columns.length, signal);
    } catch (error) {
      // After a trap its memory may be anything.
      if (error instanceof WebAssembly.RuntimeError && this.instance === kernel) this.instance = undefined;
      throw error;
    } finally {
      this.runs--;
      if (this.runs === 0 && this.instance && this.instance.memory.buffer.byteLength > keptBytes)
        this.instance = undefined;
    }
  }
}

async function runOne(
  kernel: KernelExports,
  bytes: Uint8Array,
  read: (columns: readonly number[]) => Promise<readonly (readonly Uint8Array[])[]>,
  columns: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const memory = (): Uint8Array => new Uint8Array(kernel.memory.buffer);
  const at = kernel.sk_allocate(limitsSize + bytes.length);
  if (at === 0) return undefined;
  memory()
    .fill(0, at, at + limitsSize)
    .set(bytes, at + limitsSize);
  new DataView(kernel.memory.buffer).setBigUint64(at + sliceAt, sliceMillis, true);
  const run = kernel.sk_open(at + limitsSize, bytes.length, at, trustBuffers);
  try {
    if (run === 0) return undefined;
    while (kernel.sk_step(run) === 0) {
      const wanted: number[] = [];
      for (let c = 0; c < columns; c++) if (kernel.sk_wants(run, c) > 0) wanted.push(c);
      if (wanted.length === 0) {
        await setImmediate();
        if (signal?.aborted) throw fail('query_canceled', 'canceling statement due to user request');
        continue;
      }
      const buffers = await read(wanted);
      for (const [i, column] of wanted.entries())
        for (const [b, buffer] of buffers[i]!.entries())
          if (buffer.length > 0) memory().set(buffer, kernel.sk_buffer(run, column, b) >>> 0);
    }
    const answer = kernel.sk_answer(run) >>> 0;
    if (answer === 0) return undefined;
    return new Uint8Array(kernel.memory.buffer.slice(answer, answer + (kernel.sk_answer_size(run) >>> 0)));
  } finally {
    if (run !== 0) kernel.sk_close(run);
    kernel.sk_release(at);
  }
}

function instantiate(module: WebAssembly.Module): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { now: () => performance.now() } });
  const kernel = exports as unknown as KernelExports;
  kernel._initialize();
  return kernel;
}

/** From the object that holds the partition. */
export function buffersFrom(store: RangeReader, object: string, signal?: AbortSignal): ReadBuffers {
  return ({ rows, columns }, wanted) =>
    readBuffers(
      store,
      { object, rows, columns: new Map(wanted.map((c) => [c, columns[c]!.buffers])) },
      wanted.map((c) => ({ name: `${c}`, type: columns[c]!.type, index: c })),
      signal ? { signal } : {},
    );
}

let loaded: Promise<FragmentKernel> | undefined;

/** This thread's kernel. */
export function loadKernel(): Promise<FragmentKernel> {
  loaded ??= readFile(kernelFile('kernel.wasm')).then(
    async (bytes) => new FragmentKernel(await WebAssembly.compile(bytes)),
  );
  return loaded;
}

/** A file in `kernel/` of the package, above the sources and above what was built of them. */
export function kernelFile(name: 'kernel.wasm' | 'rows.wasm'): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, 'kernel', name);
    if (existsSync(file) || dirname(folder) === folder) return file;
    folder = dirname(folder);
  }
}
