// A worker thread of ingest: reads and encodes ranges of trees; the main thread writes them. Owns no store.
import { parentPort } from 'node:worker_threads';
import { type Diagnostic, DiagnosticError } from '../core/index.js';
import { type EncodedRange, TreeEncoder, treeColumns } from './read-tree.js';
import { openRootFile, type RootFile } from './root/index.js';

/** One range of one tree. */
export interface RangeTask {
  /** What to open. */
  readonly url: string;
  /** The name that goes into the partition. */
  readonly source: string;
  readonly path: string;
  readonly cycle: number;
  readonly start: number;
  readonly stop: number;
  /** Bytes a partition may have. */
  readonly limit: number;
  /** Where the partition is to be made: one that the main thread is done with, or a number of bytes to allocate. */
  readonly buffer: ArrayBuffer | number;
}

export type RangeAnswer =
  | { readonly encoded: EncodedRange; readonly unreadable: readonly (readonly [string, string])[] }
  | { readonly diagnostic: Diagnostic }
  | { readonly bug: string };

interface OpenTree {
  readonly key: string;
  readonly file: RootFile;
  readonly encoder: TreeEncoder;
}

let open: OpenTree | undefined;

async function encoderOf(task: RangeTask): Promise<TreeEncoder> {
  const name = `${task.path};${task.cycle}`;
  const key = `${task.url}\n${name}`;
  if (open?.key === key) return open.encoder;
  await open?.file.close();
  open = undefined;
  const file = await openRootFile(task.url, { only: new Set([name]) });
  const tree = file.trees.find(({ path, cycle }) => path === task.path && cycle === task.cycle);
  if (!tree) throw new Error(`${task.url} has lost its tree ${name}`);
  open = { key, file, encoder: new TreeEncoder(tree, treeColumns(tree).columns, task.source) };
  return open.encoder;
}

async function answer(task: RangeTask): Promise<RangeAnswer> {
  try {
    const encoder = await encoderOf(task);
    const buffer = typeof task.buffer === 'number' ? new ArrayBuffer(task.buffer) : task.buffer;
    const encoded = await encoder.encode(task, buffer, task.limit);
    return { encoded, unreadable: [...encoder.unreadable] };
  } catch (error) {
    if (error instanceof DiagnosticError) return { diagnostic: error.diagnostic };
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

const port = parentPort;
port?.on('message', (task: RangeTask) => {
  void answer(task).then((result) => {
    port.postMessage(result, 'encoded' in result ? [result.encoded.bytes.buffer] : []);
  });
});
