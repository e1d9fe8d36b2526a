// AggregateExec: groups of rows to the accumulators of the registry, for the aggregates that neither fragments nor DuckDB have.
import type * as arrow from 'apache-arrow';
import { type Accumulator, compareValues, equalityKey, type SqlType, type Value } from '../core/index.js';
import type { AggregateCall, AggregateExec, Column, Scalar } from '../planner/index.js';
import { compileScalars, fromBatch, toBatch } from './eval/index.js';
import { flat, fromValues, isFlatType, slice, type Vec, valueAt } from './eval/vec.js';
import { GroupTable, grown } from './fragment/index.js';
import { onlyWhere } from './only-where.js';

/** Rows of one batch that goes out. */
const batchRows = 1 << 16;

/** One grouping set: the numbers of its groups, and what each call has of them. */
interface GroupingSet {
  readonly members: readonly number[];
  readonly table: GroupTable;
  readonly inputs: CallInput[][];
}

export async function* aggregate(
  batches: AsyncIterable<arrow.RecordBatch>,
  columns: readonly Column[],
  plan: Omit<AggregateExec, 'kind' | 'input'>,
): AsyncGenerator<arrow.RecordBatch> {
  const { groups, aggregates, grouping = [] } = plan;
  const readers = aggregates.map(({ call }) => callReader(call));
  const exprs = [...groups.map((g) => g.expr), ...readers.flatMap((r) => r.exprs)];
  const evaluate = compileScalars(columns, exprs);
  const sets = (plan.sets ?? [groups.map((_, i) => i)]).map((members): GroupingSet => {
    const table = new GroupTable(members.map((i) => groups[i]!.expr.type));
    return { members, table, inputs: [] };
  });
  const newGroups = ({ table, inputs }: GroupingSet): void => {
    while (inputs.length < table.size) inputs.push(aggregates.map(({ call }) => new CallInput(call)));
  };
  for await (const batch of batches) {
    const vecs = evaluate(fromBatch(batch, columns), batch.numRows);
    for (const set of sets) {
      const numbers = set.table.assign(
        set.members.map((i) => vecs[i]!),
        batch.numRows,
      );
      newGroups(set);
      for (let row = 0; row < batch.numRows; row++) {
        const inputs = set.inputs[numbers ? numbers[row]! : 0]!;
        let at = groups.length;
        for (let i = 0; i < inputs.length; i++) {
          inputs[i]!.add(readers[i]!, vecs, at, row);
          at += readers[i]!.exprs.length;
        }
      }
    }
  }
  const made = [...groups, ...aggregates, ...grouping].map((c) => c.column);
  for (const set of sets) {
    const { members, table, inputs } = set;
    // Without keys there is one group, even of no rows.
    newGroups(set);
    const keys = new Map(table.keyVecs().map((vec, k) => [members[k]!, vec]));
    for (let start = 0; start < inputs.length; start += batchRows) {
      const some = inputs.slice(start, start + batchRows);
      const all = (value: Value, type: SqlType) => fromValues(type, new Array<Value>(some.length).fill(value));
      const values: Vec[] = [
        ...groups.map(({ column }, i) => {
          const vec = keys.get(i);
          return vec ? slice(vec, start, start + some.length) : all(null, column.type);
        }),
        ...aggregates.map(({ column }, i) =>
          fromValues(
            column.type,
            some.map((calls) => calls[i]!.result()),
          ),
        ),
        // A bit per argument, the last one lowest: set where the group is not of it.
        ...grouping.map(({ column, groups: named }) =>
          all(
            named.reduce((bits, i) => bits * 2 + (members.includes(i) ? 0 : 1), 0),
            column.type,
          ),
        ),
      ];
      yield toBatch(made, values, some.length);
    }
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
  const guarded = [...call.args, ...call.orderBy.map((k) => k.expr)].map((expr) => onlyWhere(filter, expr));
  const exprs = [...guarded, ...(filter ? [filter] : [])];
  return { exprs, args: call.args.length, keys: call.orderBy.length, filtered: call.filter !== undefined };
}

/** One call's rows in one group: straight to the accumulator, or held where their order counts. */
class CallInput {
  private readonly accumulator: Accumulator;
  private readonly seen: Set<string> | undefined;
  private readonly sorted: SortedNumbers | undefined;
  private held: { readonly args: readonly Value[]; readonly keys: readonly Value[] }[] | undefined;

  constructor(private readonly call: AggregateCall) {
    const { overload, args, type, orderBy } = call;
    this.accumulator = overload.accumulate!({ argTypes: args.map((a) => a.type), type, order: orderBy });
    if (call.distinct) this.seen = new Set();
    if (sortsNumbers(call)) this.sorted = new SortedNumbers(call.args.at(-1)!.type);
    else if (orderBy.length > 0 || call.distinct) this.held = [];
  }

  add(reader: CallReader, vecs: readonly Vec[], at: number, row: number): void {
    if (reader.filtered && valueAt(vecs[at + reader.args + reader.keys]!, row) !== true) return;
    if (this.sorted?.add(vecs, at, reader.args, row)) return;
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
    if (!this.held && !this.sorted) {
      this.accumulator.add(args);
      return;
    }
    const keys: Value[] = [];
    for (let i = 0; i < reader.keys; i++) keys.push(valueAt(vecs[at + reader.args + i]!, row));
    this.held ??= [];
    this.held.push({ args, keys });
  }

  result(): Value {
    const { orderBy, distinct, args } = this.call;
    if (this.sorted && !this.held) {
      for (const values of this.sorted.rows(orderBy[0]!)) this.accumulator.add(values);
      return this.accumulator.result();
    }
    if (this.sorted)
      for (const values of this.sorted.rows(orderBy[0]!)) this.held!.push({ args: values, keys: [values.at(-1)!] });
    if (this.held) {
      // PostgreSQL sorts to find what is distinct, so that is the order.
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

/** `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)` of numbers: all that counts of a row is `x`. */
function sortsNumbers({ overload, args, orderBy, distinct }: AggregateCall): boolean {
  return (
    !!overload.orderedSet && !overload.strict && !distinct && orderBy.length === 1 && isFlatType(args.at(-1)!.type)
  );
}

/** Rows of which only one number differs, as numbers: a value of its own, and its row, take ten times the memory and more to sort. */
class SortedNumbers {
  private numbers: Float64Array = new Float64Array(8);
  private count = 0;
  private nulls = 0;
  /** The direct arguments, which are the same in all rows of a group. */
  private direct: readonly Value[] | undefined;

  constructor(private readonly type: SqlType) {}

  /** False for a number that a double cannot hold. */
  add(vecs: readonly Vec[], at: number, args: number, row: number): boolean {
    const last = vecs[at + args - 1]!;
    if (last.form !== 'flat') return false;
    this.direct ??= Array.from({ length: args - 1 }, (_, i) => valueAt(vecs[at + i]!, row));
    const i = last.constant ? 0 : row;
    if (last.valid && last.valid[i] === 0) this.nulls++;
    else {
      this.numbers = grown(this.numbers, this.count + 1);
      this.numbers[this.count++] = last.data[i]!;
    }
    return true;
  }

  *rows({ descending, nullsFirst }: Order): Generator<readonly Value[]> {
    const direct = this.direct ?? [];
    // NaN comes last, as in PostgreSQL.
    const sorted = flat(this.type, this.numbers.subarray(0, this.count).sort());
    const none = [...direct, null];
    if (nullsFirst) for (let i = 0; i < this.nulls; i++) yield none;
    for (let i = 0; i < this.count; i++) yield [...direct, valueAt(sorted, descending ? this.count - 1 - i : i)];
    if (!nullsFirst) for (let i = 0; i < this.nulls; i++) yield none;
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
