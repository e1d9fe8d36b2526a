// Where objects live. Every home (local folder, memory, RADOS) offers this and nothing more.

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export interface ObjectStat {
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** All that a reader of partitions needs. */
export type RangeReader = Pick<ObjectStore, 'url' | 'readRanges' | 'shared'>;

/**
 * Objects are immutable once written, except the few that are replaced whole on purpose (root hints, intents).
 * Names are `/`-separated, ASCII, without `..`. A missing object is `undefined_file`, a full disk `disk_full`,
 * a store that cannot be written `read_only_sql_transaction`, other failures `io_error`; each names the object.
 */
export interface ObjectStore {
  /** As given by the user, normalised: `file:/data/.skyhook`, `memory:`, `rados://pool`. */
  readonly url: string;
  /** The whole object, or several ranges of it in one operation; a range past the end is `data_corrupted`. */
  read(name: string, options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  readRanges(name: string, ranges: readonly ByteRange[], options?: { signal?: AbortSignal }): Promise<Uint8Array[]>;
  /** The object in memory that threads share; `undefined`, or absent, where it is elsewhere or there is none. */
  shared?(name: string): SharedArrayBuffer | undefined;
  stat(name: string): Promise<ObjectStat | undefined>;
  /** Durable when it resolves; visible whole or not at all. */
  write(name: string, bytes: Uint8Array | readonly Uint8Array[]): Promise<void>;
  /** `false`, and nothing written, where the object exists: the one atomic step a commit rests on. */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
  delete(name: string): Promise<void>;
  /** For `gc` alone: some stores can only enumerate everything. */
  list(prefix: string): AsyncIterable<string>;
  /**
   * Runs an encoded fragment where the object is. Absent where the store cannot compute; the caller then reads ranges
   * and runs the same bytes locally.
   */
  execute?(name: string, fragment: Uint8Array, options?: { signal?: AbortSignal }): Promise<Uint8Array>;
  close(): Promise<void>;
}
