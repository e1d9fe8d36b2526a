// What a DuckDB worker thread and its pool say to each other: numbered requests of a session, one answer each.

export interface WorkerSetup {
  /** Hard bound of the instance's heap, in bytes. */
  readonly heapBytes: number;
}

/** First message to a thread, which loads its JavaScript meanwhile. */
export interface WorkerModule {
  /** Compiled once a process; the threads share its machine code. */
  readonly module: WebAssembly.Module;
}

/** A session is one DuckDB connection: its own temporary tables, settings and running query. */
export type SessionRequest =
  | { readonly op: 'open' }
  /** A short statement of our own (DDL, SET); it cannot be canceled. */
  | { readonly op: 'execute'; readonly sql: string }
  /** Appends one complete Arrow IPC stream to a table. */
  | { readonly op: 'insert'; readonly table: string; readonly bytes: Uint8Array }
  /** Starts a query; the answer is the schema message, and comes once the first rows are there. */
  | { readonly op: 'start'; readonly sql: string }
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
