// SeriesExec: the rows of a set-returning function over constants, made as they are asked for.
import type * as arrow from 'apache-arrow';
import { flattened, type Value } from '../core/index.js';
import type { Scalar, SeriesExec } from '../planner/index.js';
import { Breath } from './breath.js';
import { evaluateConstant, toBatch } from './eval/index.js';
import { fromValues } from './eval/vec.js';

const firstRows = 1 << 8;
const batchRows = 1 << 13;

export async function* series({ column, list }: SeriesExec): AsyncGenerator<arrow.RecordBatch> {
  const breath = new Breath();
  let values: Value[] = [];
  const batch = () => toBatch([column], [fromValues(column.type, values)], values.length);
  // A limit may need no more than the first.
  let wanted = firstRows;
  for (const value of rowsOf(list)) {
    values.push(value);
    if (values.length < wanted) continue;
    yield batch();
    values = [];
    wanted = batchRows;
    await breath.take();
  }
  if (values.length > 0) yield batch();
}

function rowsOf(list: Scalar): Iterable<Value> {
  const rows = list.kind === 'call' ? list.overload.rows : undefined;
  if (list.kind !== 'call' || !rows) {
    const value = evaluateConstant(list) as readonly Value[] | null;
    return value === null ? [] : flattened(value, list.type);
  }
  const args = list.args.map(evaluateConstant);
  if (list.overload.strict && args.includes(null)) return [];
  return rows(args, { argTypes: list.args.map((arg) => arg.type), type: list.type });
}
