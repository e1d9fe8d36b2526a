// Times of the evaluator's loops over one million events, per operation: `npx tsx bench/scan/kernel.ts`.
import * as arrow from 'apache-arrow';
import { listOf, type Overload, type SqlType, types, type Value } from '../../src/core/index.js';
import { compileEval, toArrow } from '../../src/exec/eval/index.js';
import { flat } from '../../src/exec/eval/vec.js';
import type { Column, ColumnId, Scalar } from '../../src/planner/index.js';

const rows = 1_000_000;
const floats = listOf(types.float4);
const offsets = new Int32Array(rows + 1);
for (let i = 0; i < rows; i++) offsets[i + 1] = offsets[i]! + ((i * 7) % 5) + 1;
const elements = Float32Array.from({ length: offsets[rows]! }, () => Math.random() * 60);
const pt: Column = { id: 1 as ColumnId, name: 'pt', type: floats };
const met: Column = { id: 2 as ColumnId, name: 'met', type: types.float8 };
const element: Column = { id: 3 as ColumnId, name: 'x', type: types.float4 };
const columns = [pt, met];
const data = [
  toArrow(
    {
      form: 'list',
      type: floats,
      n: rows,
      valid: undefined,
      constant: false,
      offsets,
      child: flat(types.float4, elements),
    },
    rows,
  ),
  toArrow(
    flat(
      types.float8,
      Float64Array.from({ length: rows }, () => Math.random() * 60),
    ),
    rows,
  ),
];
const schema = new arrow.Schema(columns.map((c, i) => new arrow.Field(c.name, data[i]!.type, true)));
const batch = new arrow.RecordBatch(
  schema,
  arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows, nullCount: 0, children: data }),
);

const ref = (column: Column): Scalar => ({ kind: 'column', column, type: column.type });
const lit = (type: SqlType, value: Value): Scalar => ({ kind: 'literal', type, value });
function call(kernel: string, type: SqlType, ...args: Scalar[]): Scalar {
  const overload: Overload = {
    op: kernel,
    kernel,
    args: [],
    returns: type,
    strict: true,
    volatility: 'immutable',
  };
  return { kind: 'call', name: kernel, type, args, overload };
}
const item = (expr: Scalar) => [{ column: { id: 9 as ColumnId, name: 'o', type: expr.type }, expr }];

const anyAbove20 = call('list_any', types.bool, {
  kind: 'list_map',
  type: listOf(types.bool),
  params: [{ column: element, list: ref(pt) }],
  body: call('gt', types.bool, ref(element), lit(types.float4, 20)),
});
const above20 = call('gt', types.bool, ref(met), lit(types.float8, 20));

const cases: [string, ReturnType<typeof compileEval>][] = [
  ['list_any(pt > 20), filter', compileEval(columns, [anyAbove20], [])],
  ['met > 20, filter', compileEval(columns, [above20], [])],
  ['met > 20, filter and project', compileEval(columns, [above20], item(ref(met)))],
  ['met * 2', compileEval(columns, [], item(call('mul', types.float8, ref(met), lit(types.float8, 2))))],
  ['sqrt(met)', compileEval(columns, [], item(call('sqrt', types.float8, ref(met))))],
  ['list_sum(pt)', compileEval(columns, [], item(call('list_sum', types.float4, ref(pt))))],
  ['list_max(pt)', compileEval(columns, [], item(call('list_max', types.float4, ref(pt))))],
];
console.log(`${rows} events, ${elements.length} elements`);
for (const [label, run] of cases) {
  for (let i = 0; i < 5; i++) run(batch);
  const times = Array.from({ length: 15 }, () => {
    const started = performance.now();
    run(batch);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  console.log(`${label.padEnd(30)} least ${times[0]!.toFixed(1)} ms, median ${times[7]!.toFixed(1)} ms`);
}
