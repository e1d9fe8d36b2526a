// AggregateExec: groups of rows to the accumulators of the registry, for the aggregates that neither fragments nor DuckDB have.
import type * as arrow from 'apache-arrow';
import { type Accumulator, compareValues, equalityKey, type SqlType, type Value } from '../core/index.js';
import type { AggregateCall, AggregateExec, Column, Scalar } from '../planner/index.js';
import { compileScalars, fromBatch, toBatch } from './eval/index.js';
import { fromValues, type Vec, valueAt } from './eval/vec.js';

/** Rows of one batch that goes out. */
const batchRows = 1 << 16;

interface Group {
  readonly set: number;
  readonly keys: readonly Value[];
  readonly inputs: readonly CallInput[];
}

export async function* aggregate(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly Column[],
  plan: Omit<AggregateExec, 'kind' | 'input'>,
): AsyncGenerator<arrow.RecordBatch> {
  const { groups, aggregates, grouping = [] } = plan;
  const sets = plan.sets ?? [groups.map((_, i) => i)];
  const readers = aggregates.map(({ call }) => callReader(call));
  const exprs = [...groups.map((g) => g.expr), ...readers.flatMap((r) => r.exprs)];
  const evaluate = compileScalars(columns, exprs);
  const found = new Map<string, Group>();
  const groupOf = (set: number, keys: readonly Value[]): Group => {
    const members = sets[set]!;
    const key = `${set}/${members.map((i) => equalityKey(keys[i]!, groups[i]!.expr.type)).join()}`;
    let group = found.get(key);
    if (!group) {
      group = { set, keys, inputs: aggregates.map(({ call }) => new CallInput(call)) };
      found.set(key, group);
    }
    return group;
  };
  for await (const batch of batches) {
    const vecs = evaluate(fromBatch(batch, columns), batch.numRows);
    for (let row = 0; row < batch.numRows; row++) {
      const keys = groups.map((_, i) => valueAt(vecs[i]!, row));
      for (let set = 0; set < sets.length; set++) {
        const { inputs } = groupOf(set, keys);
        let at = groups.length;
        for (let i = 0; i < inputs.length; i++) {
          inputs[i]!.add(readers[i]!, vecs, at, row);
          at += readers[i]!.exprs.length;
        }
      }
    }
  }
  // Without keys there is one group, even of no rows.
  for (const [set, members] of sets.entries()) if (members.length === 0) groupOf(set, []);
  const out = [...found.values()];
  if (plan.sets) out.sort((a, b) => a.set - b.set);
  const made = [...groups, ...aggregates, ...grouping].map((c) => c.column);
  for (let start = 0; start < out.length; start += batchRows) {
    const some = out.slice(start, start + batchRows);
    const member = (group: Group, i: number) => sets[group.set]!.includes(i);
    const values: Value[][] = [
      ...groups.map((_, i) => some.map((g) => (member(g, i) ? g.keys[i]! : null))),
      ...aggregates.map((_, i) => some.map((g) => g.inputs[i]!.result())),
      // A bit per argument, the last one lowest: set where the group is not of it.
      ...grouping.map(({ groups: named }) =>
        some.map((g) => named.reduce((bits, i) => bits * 2 + (member(g, i) ? 0 : 1), 0)),
      ),
    ];
    yield toBatch(
      made,
      values.map((list, i) => fromValues(made[i]!.type, list)),
      some.length,
    );
  }
}

/** What is evaluated for each row: arguments, sort keys, the filter. */
interface CallReader {
  readonly exprs: readonly Scalar[];
  readonly args: number;
  readonly keys: number;
  readonly filtered: boolean;
}

function callReader(call: AggregateCall): CallReader {
  const { filter } = call;
  const guarded = [...call.args, ...call.orderBy.map((k) => k.expr)].map((expr) =>
    filter ? onlyWhere(filter, expr) : expr,
  );
  const exprs = [...guarded, ...(filter ? [filter] : [])];
  return { exprs, args: call.args.length, keys: call.orderBy.length, filtered: call.filter !== undefined };
}

/** Rows that the filter leaves out may not fail. */
function onlyWhere(filter: Scalar, expr: Scalar): Scalar {
  if (expr.kind === 'column' || expr.kind === 'literal') return expr;
  const { type } = expr;
  return {
    kind: 'case',
    type,
    branches: [{ when: filter, then: expr }],
    otherwise: { kind: 'literal', type, value: null },
  };
}

/** One call's rows in one group: straight to the accumulator, or held where their order counts. */
class CallInput {
  private readonly accumulator: Accumulator;
  private readonly seen: Set<string> | undefined;
  private readonly held: { readonly args: readonly Value[]; readonly keys: readonly Value[] }[] | undefined;

  constructor(private readonly call: AggregateCall) {
    const { overload, args, type, orderBy } = call;
    this.accumulator = overload.accumulate!({ argTypes: args.map((a) => a.type), type, order: orderBy });
    if (call.distinct) this.seen = new Set();
    if (orderBy.length > 0 || call.distinct) this.held = [];
  }

  add(reader: CallReader, vecs: readonly Vec[], at: number, row: number): void {
    if (reader.filtered && valueAt(vecs[at + reader.args + reader.keys]!, row) !== true) return;
    const args: Value[] = [];
    for (let i = 0; i < reader.args; i++) {
      const value = valueAt(vecs[at + i]!, row);
      if (value === null && this.call.overload.strict) return;
      args.push(value);
    }
    if (this.seen) {
      const key = args.map((v, i) => equalityKey(v, this.call.args[i]!.type)).join();
      if (this.seen.has(key)) return;
      this.seen.add(key);
    }
    if (!this.held) {
      this.accumulator.add(args);
      return;
    }
    const keys: Value[] = [];
    for (let i = 0; i < reader.keys; i++) keys.push(valueAt(vecs[at + reader.args + i]!, row));
    this.held.push({ args, keys });
  }

  result(): Value {
    if (this.held) {
      // PostgreSQL sorts to find what is distinct, so that is the order.
      const { orderBy, distinct, args } = this.call;
      if (orderBy.length > 0) this.held.sort((a, b) => compareKeys(a.keys, b.keys, orderBy));
      else if (distinct) {
        const ascending = args.map((expr) => ({ expr, descending: false, nullsFirst: false }));
        this.held.sort((a, b) => compareKeys(a.args, b.args, ascending));
      }
      for (const { args: values } of this.held) this.accumulator.add(values);
    }
    return this.accumulator.result();
  }
}

interface Order {
  readonly expr: { readonly type: SqlType };
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

function compareKeys(a: readonly Value[], b: readonly Value[], order: readonly Order[]): number {
  for (const [i, { expr, descending, nullsFirst }] of order.entries()) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === null || y === null) {
      if (x === y) continue;
      return (x === null) === nullsFirst ? -1 : 1;
    }
    const sign = compareValues(x, y, expr.type);
    if (sign !== 0) return descending ? -sign : sign;
  }
  return 0;
}
