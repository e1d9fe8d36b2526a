// What a DuckDB worker thread and its pool say to each other: numbered requests of a session, one answer each.

export interface WorkerSetup {
  /** Shared memory: since when the thread has not listened, in milliseconds of {@link coarseTime} (0 while it does), and to whose session's sake. */
  readonly step: Int32Array;
  /** Hard bound of the instance's heap, in bytes. */
  readonly heapBytes: number;
}

/** First message to a thread, which loads its JavaScript meanwhile. */
export interface WorkerModule {
  /** Compiled once a process; the threads share its machine code. */
  readonly module: WebAssembly.Module;
}

/** Milliseconds, never 0, as a 32-bit number: differences count. */
export const coarseTime = (): number => (Date.now() & 0x7fffffff) | 1;

/** A session is one DuckDB connection: its own temporary tables, settings and running query. */
export type SessionRequest =
  /** `interruption`: one number, of shared memory; where it is 1, the session's query ends at its next chunk. */
  | { readonly op: 'open'; readonly interruption: Int32Array }
  /** A short statement of our own (DDL, SET); it cannot be canceled. */
  | { readonly op: 'execute'; readonly sql: string }
  /** Appends one complete Arrow IPC stream to a table. */
  | { readonly op: 'insert'; readonly table: string; readonly bytes: Uint8Array }
  /**
   * Starts a query; the answer is the schema message, and comes once the first rows are there.
   * `watched`: it looks at the session's `interruption` with every chunk, for 2 to 4 % of its time.
   */
  | { readonly op: 'start'; readonly sql: string; readonly watched: boolean }
  /** More of the running query's record batch messages: about `bytes` of them, fewer when they come slowly. */
  | { readonly op: 'fetch'; readonly bytes: number }
  /** Ends the session's running request with `canceled`; answered at once. */
  | { readonly op: 'cancel' }
  | { readonly op: 'close' };

export interface WorkerRequest {
  readonly id: number;
  readonly session: number;
  readonly request: SessionRequest;
}

export interface DuckDbFailure {
  /** DuckDB's exception type (`Conversion`, `Out of Memory`), or `canceled`, or `crash` after which the instance is lost. */
  readonly type: string;
  readonly message: string;
}

export interface WorkerReply {
  readonly id: number;
  /** The instance's heap now: WebAssembly memory grows and never shrinks. */
  readonly heapBytes: number;
  /** Arrow IPC messages: the schema (`start`) or record batches (`fetch`). */
  readonly messages?: readonly Uint8Array[];
  /** The running query has no more rows. */
  readonly done?: boolean;
  readonly failure?: DuckDbFailure;
}

/** First message from a thread. */
export interface WorkerReady {
  readonly ready: true;
}
