// A fragment's result between the evaluator's vectors, Arrow data and the buffers of its byte form.
import type { Data } from 'apache-arrow';
import type { ResultColumn, ResultRows } from '../../core/index.js';
import { buffersOf, dataFromBuffers, flattenData } from '../../store/index.js';
import { fromArrow, toArrow } from '../eval/arrow-vec.js';
import type { Vec } from '../eval/vec.js';
import type { FragmentResult } from './run-fragment.js';

export function toResultRows({ rows, columns, rowsIn, bytesRead }: FragmentResult): ResultRows {
  const encoded = columns.map(
    (vec): ResultColumn => ({ type: vec.type, buffers: buffersOf(flattenData(toArrow(vec, rows))) }),
  );
  return { kind: 'rows', rows, rowsIn, bytesRead, columns: encoded };
}

/** A partition's answer, from this thread or from elsewhere: a column as Arrow data, or as a vector. */
export interface PartitionResult {
  readonly rows: number;
  readonly rowsIn: number;
  readonly bytesRead: number;
  /** That it takes, or at most takes. */
  readonly bytes: number;
  readonly width: number;
  data(column: number): Data;
  vec(column: number): Vec;
}

export function localResult({ rows, rowsIn, bytesRead, columns }: FragmentResult): PartitionResult {
  const vec = (c: number): Vec => columns[c]!;
  return { rows, rowsIn, bytesRead, bytes: bytesRead, width: columns.length, vec, data: (c) => toArrow(vec(c), rows) };
}

export function receivedResult({ rows, rowsIn, bytesRead, columns }: ResultRows, bytes = bytesRead): PartitionResult {
  const data = (c: number): Data => dataFromBuffers(columns[c]!.type, rows, columns[c]!.buffers);
  return {
    rows,
    rowsIn,
    bytesRead,
    bytes,
    width: columns.length,
    data,
    vec: (c) => fromArrow(data(c), columns[c]!.type),
  };
}
