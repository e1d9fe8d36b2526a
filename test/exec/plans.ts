// Builders of plans and expressions, as the binder would make them.
import * as arrow from 'apache-arrow';
import { type Overload, type SqlType, types, type Value } from '../../src/core/index.js';
import { DuckDbPool } from '../../src/exec/duckdb/index.js';
import { type Engine, engineOf } from '../../src/exec/engine.js';
import { compileEval, evalValues } from '../../src/exec/eval/index.js';
import type {
  Column,
  ColumnId,
  DuckDbExec,
  LogicalPlan,
  PhysicalPlan,
  Scalar,
  SortKey,
} from '../../src/planner/index.js';

let nextId = 1;
export const col = (name: string, type: SqlType = types.int4): Column => ({ id: nextId++ as ColumnId, name, type });
export const ref = (column: Column): Scalar => ({ kind: 'column', column, type: column.type });
export const lit = (value: Value, type: SqlType = types.int4): Scalar => ({ kind: 'literal', value, type });
export const key = (expr: Scalar, descending = false, nullsFirst = descending): SortKey => ({
  expr,
  descending,
  nullsFirst,
});

export function overload(
  render: string | ((args: readonly string[]) => string),
  more: Partial<Overload> = {},
): Overload {
  return {
    op: String(render),
    args: [],
    returns: types.int4,
    strict: true,
    volatility: 'immutable',
    duckdb: (args, { call }) => {
      if (typeof render === 'string') return call ? call(render, args) : `${render}(${args.join(', ')})`;
      return render(args);
    },
    ...more,
  };
}
export const infix = (operator: string) => overload(([a, b]) => `${a} ${operator} ${b}`);
export const call = (operator: string, args: readonly Scalar[], type: SqlType = types.int4): Scalar => ({
  kind: 'call',
  name: operator,
  overload: /\w/.test(operator) ? overload(operator) : infix(operator),
  args,
  type,
});

/** An engine of DuckDB and the evaluator alone: tests feed it literal rows. */
export function testEngine(options: { workers?: number; heapBytes?: number } = {}): {
  engine: Engine;
  pool: DuckDbPool;
} {
  const pool = new DuckDbPool({ workers: options.workers ?? 1, heapBytes: options.heapBytes ?? 2 ** 30 });
  const none = () => {
    throw new Error('no fragments here');
  };
  const fragments = { rows: none, mergeAggregate: none, mergeTopN: none, close: async () => {} };
  return { engine: engineOf({ fragments, evaluator: { compileEval, evalValues }, pool }), pool };
}

export const duck = (plan: LogicalPlan, ...inputs: PhysicalPlan[]): DuckDbExec => ({ kind: 'duckdb', plan, inputs });

/** Plain rows, bigints as numbers, lists as arrays. */
export async function rowsOf(batches: AsyncIterable<arrow.RecordBatch>): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const batch of batches) {
    for (let i = 0; i < batch.numRows; i++) {
      rows.push(batch.schema.fields.map((_, c) => plain(batch.getChildAt(c)!.get(i))));
    }
  }
  return rows;
}
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof arrow.Vector) return Array.from(value, plain);
  return value;
}
