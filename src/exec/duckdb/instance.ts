// One blocking DuckDB-WASM instance, made inside a worker thread from a module that was compiled elsewhere.
import { createRequire } from 'node:module';
import type * as Blocking from '@duckdb/duckdb-wasm/blocking';

export type DuckDb = Blocking.DuckDBBindings;

const require = createRequire(import.meta.url);
/** Required, since an import first lexes its 1.2 MB for the names it exports: 0.1 s. */
const duckdb = require('@duckdb/duckdb-wasm/blocking') as typeof Blocking;

export interface DuckDbInstance {
  readonly db: DuckDb;
  /** Bytes of the heap now; it grows and never shrinks. */
  heapBytes(): number;
  /** Called often while a query runs whose connection is profiled: with every chunk that an operator takes. */
  onTick: () => void;
  /**
   * Ends what the connection runs with an error of type INTERRUPT, from within: the next chunk is not begun. Without effect where the connection
   * is not laid out as this version of DuckDB does it.
   */
  interrupt(connection: number): void;
  /** Whether the heap has room for `bytes` in one piece. The bindings do not look and write to address 0 where it has not. */
  canAllocate(bytes: number): boolean;
}

type Exports = WebAssembly.Instance['exports'];
/** What the bindings pass to Emscripten's glue code. */
interface ModuleOverrides {
  wasmMemory?: WebAssembly.Memory;
  print?: (text: string) => void;
  printErr?: (text: string) => void;
}
/** The protected half of the bindings, through which a compiled module and a bounded memory go in. */
interface OpenBindings {
  instantiateWasm(
    imports: WebAssembly.Imports,
    success: (instance: { readonly exports: Exports }, module: WebAssembly.Module) => void,
  ): Exports;
  instantiateImpl(overrides: ModuleOverrides): Promise<unknown>;
  readonly mod: { _malloc(bytes: number): number; _free(address: number): void };
}

const pageBytes = 65536;
const initialPages = 256;
/** Emscripten grows a 32-bit memory to 4 GiB less one page. */
const mostPages = 65535;

/**
 * Everything that wants an extension asks for it with a synchronous XMLHttpRequest and, where there is none, waits for
 * ever, even with autoloading switched off. This one answers 404, so that DuckDB reports the missing extension.
 */
class OfflineRequest {
  readonly status = 404;
  readonly statusText = 'offline';
  readonly readyState = 4;
  readonly response = null;
  readonly responseText = '';
  responseType = '';
  open(): void {}
  send(): void {}
  setRequestHeader(): void {}
  overrideMimeType(): void {}
  getResponseHeader(): null {
    return null;
  }
  getAllResponseHeaders(): string {
    return '';
  }
}

/**
 * The exports without the 61,000 C++ symbols that are there for extensions to link with: registering those takes half of the start.
 * Who loads an extension would need them; offline there is none.
 */
function plain(exports: Exports): Exports {
  const kept: Record<string, WebAssembly.ExportValue> = {};
  for (const name in exports) if (!name.startsWith('_Z')) kept[name] = exports[name];
  return kept;
}

/** @param heapBytes hard bound; an allocation beyond it fails as `Out of Memory` */
export async function instantiate(module: WebAssembly.Module, heapBytes: number): Promise<DuckDbInstance> {
  Object.assign(globalThis, { XMLHttpRequest: OfflineRequest });
  const path = require.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm');
  const bundle = { mainModule: path, mainWorker: '' };
  const db = await duckdb.createDuckDB({ mvp: bundle, eh: bundle }, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  const open = db as unknown as OpenBindings;
  const memory = new WebAssembly.Memory({
    initial: initialPages,
    maximum: Math.max(initialPages, Math.min(mostPages, Math.floor(heapBytes / pageBytes))),
  });
  const instantiateImpl = open.instantiateImpl.bind(db);
  open.instantiateImpl = (overrides) =>
    instantiateImpl({ ...overrides, wasmMemory: memory, print: () => {}, printErr: () => {} });
  const instance: Partial<DuckDbInstance> & Pick<DuckDbInstance, 'onTick'> = { onTick: () => undefined };
  open.instantiateWasm = (imports, success) => {
    Object.assign(globalThis, { DUCKDB_RUNTIME: { ...duckdb.NODE_RUNTIME } });
    void WebAssembly.instantiate(module, watched(imports, instance)).then(({ exports }) =>
      success({ exports: plain(exports) }, module),
    );
    return {};
  };
  await db.instantiate();
  db.open({
    path: ':memory:',
    // Milliseconds between two chances to cancel.
    query: { queryPollingInterval: 10 },
    // The "lossless" conversion packs booleans and hugeints in extension types; the ordinary one is exact for what we cast to.
    arrowLosslessConversion: false,
  });
  return Object.assign(instance, {
    db,
    interrupt: (connection: number) => setInterrupted(new DataView(memory.buffer), connection),
    heapBytes: () => memory.buffer.byteLength,
    canAllocate(bytes: number) {
      const address = open.mod._malloc(bytes);
      if (address !== 0) open.mod._free(address);
      return address !== 0;
    },
  });
}

/** The imports, with an ear at the clock: a profiled query looks at it around each call of an operator. */
function watched(imports: WebAssembly.Imports, instance: Pick<DuckDbInstance, 'onTick'>): WebAssembly.Imports {
  const env = imports['env']!;
  const clock = Reflect.get(env, 'emscripten_get_now') as () => number;
  const now = (): number => {
    instance.onTick();
    return clock();
  };
  const listening = new Proxy(env, {
    get: (target, key) => (key === 'emscripten_get_now' ? now : Reflect.get(target, key)),
  });
  return { ...imports, env: listening };
}

/**
 * Where the flag is that DuckDB's pipelines look at between chunks, in 32-bit words and bytes: the bindings' connection holds a shared pointer to
 * its ClientContext in words 2 and 3; a context begins with a weak pointer to itself and a shared one to its database, behind which the flag is.
 */
const layout = { context: 8, interrupted: 16 } as const;

function setInterrupted(heap: DataView, connection: number): void {
  const context = heap.getUint32(connection + layout.context, true);
  if (context === 0 || context + layout.interrupted >= heap.byteLength) return;
  if (heap.getUint32(context, true) === context) heap.setUint8(context + layout.interrupted, 1);
}
