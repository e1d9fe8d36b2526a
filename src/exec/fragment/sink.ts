// What becomes of a fragment's values, chunk by chunk: rows, a top-N, or partial aggregates.
import {
  type FragmentAggregate,
  type FragmentProgram,
  type FragmentSortKey,
  type Register,
  type SqlType,
  types,
} from '../../core/index.js';
import { byteLength, concat, flat, fromValues, gather, slice, type Vec } from '../eval/vec.js';
import { type AggregateState, makeState } from './aggregate-state.js';
import { GroupTable } from './group-table.js';
import { topRows } from './top-rows.js';

/** Rows of the partition: [from, to), or those at `index` of them. */
export interface Selection {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly index: Int32Array | undefined;
}

export interface Sink {
  /** What it takes a value of, position by position. */
  readonly registers: readonly Register[];
  /** Takes no more. */
  readonly full: boolean;
  /** Gives the rows and bytes it holds. `chunk` are the rows of frame 0. */
  take(values: readonly Vec[], n: number, chunk: Selection): { rows: number; bytes: number };
  /** Registers to be evaluated at some rows of the partition only, ascending, now that these are known. */
  late(): { readonly registers: readonly Register[]; readonly rows: Int32Array; take: Sink['take'] } | undefined;
  finish(): { rows: number; columns: Vec[] };
}

export function makeSink({ output, instructions, frame }: FragmentProgram): Sink {
  const typesOf = (registers: readonly Register[]): SqlType[] => registers.map((r) => instructions[r]!.type);
  switch (output.kind) {
    case 'rows':
      return new RowsSink(output.registers, typesOf(output.registers), output.limit ?? Infinity);
    case 'top_n':
      return new TopSink(
        output,
        typesOf(output.registers),
        typesOf(output.keys.map((key) => key.register)),
        frame === 0,
      );
    case 'aggregate': {
      const args = output.aggregates.map(({ arg }) => (arg === undefined ? undefined : instructions[arg]!.type));
      return new AggregateSink(output.groups, typesOf(output.groups), output.aggregates, args);
    }
  }
}

class RowsSink implements Sink {
  private readonly parts: (readonly Vec[])[] = [];
  private rows = 0;
  private bytes = 0;

  constructor(
    readonly registers: readonly Register[],
    private readonly types: readonly SqlType[],
    private readonly limit: number,
  ) {}

  get full(): boolean {
    return this.rows >= this.limit;
  }
  take(values: readonly Vec[], n: number): { rows: number; bytes: number } {
    const taken = Math.min(n, this.limit - this.rows);
    const part = values.map((vec) => slice(vec, 0, taken));
    this.parts.push(part);
    this.rows += taken;
    for (const vec of part) this.bytes += byteLength(vec);
    return { rows: this.rows, bytes: this.bytes };
  }
  late(): undefined {}
  finish(): { rows: number; columns: Vec[] } {
    return {
      rows: this.rows,
      columns: this.types.map((type, c) =>
        concatAll(
          this.parts.map((part) => part[c]!),
          type,
        ),
      ),
    };
  }
}

function concatAll(parts: readonly Vec[], type: SqlType): Vec {
  return parts.length === 0 ? fromValues(type, []) : concat(parts, type);
}

/** Candidates are reduced to the best when there are so many more of them than wanted. */
const spareCandidates = 1 << 16;

class TopSink implements Sink {
  readonly registers: readonly Register[];
  readonly full = false;
  private readonly keys: readonly FragmentSortKey[];
  private readonly limit: number;
  private readonly items: readonly Register[];
  /** Keys, then the rows they belong to; where rows are elements, then the items. Ascending by row. */
  private parts: (readonly Vec[])[] = [];
  private held = 0;
  private best: Int32Array | undefined;
  private candidates: readonly Vec[] | undefined;
  private lateItems: RowsSink | undefined;

  constructor(
    output: {
      readonly registers: readonly Register[];
      readonly keys: readonly FragmentSortKey[];
      readonly limit: number;
    },
    private readonly itemTypes: readonly SqlType[],
    private readonly keyTypes: readonly SqlType[],
    private readonly ofRows: boolean,
  ) {
    this.keys = output.keys;
    this.limit = output.limit;
    this.items = output.registers;
    const keyRegisters = output.keys.map((key) => key.register);
    this.registers = ofRows ? keyRegisters : [...keyRegisters, ...output.registers];
  }

  take(values: readonly Vec[], n: number, { from, index }: Selection): { rows: number; bytes: number } {
    const keys = values.slice(0, this.keys.length);
    const best = topRows(keys, this.keys, n, this.limit).sort();
    const kept = values.map((vec) => (best.length === n ? vec : gather(vec, best)));
    if (this.ofRows) {
      const rows = new Float64Array(best.length);
      for (let i = 0; i < rows.length; i++) rows[i] = from + (index ? index[best[i]!]! : best[i]!);
      kept.push(flat(types.int8, rows));
    }
    this.parts.push(kept);
    this.held += best.length;
    if (this.held > 2 * this.limit + spareCandidates) {
      const { vecs, order } = this.reduce();
      order.sort();
      this.parts = [vecs.map((vec) => gather(vec, order))];
      this.held = order.length;
    }
    const rows = Math.min(this.held, this.limit);
    return { rows, bytes: 0 };
  }

  private reduce(): { vecs: readonly Vec[]; order: Int32Array } {
    const width = [...this.keyTypes, ...(this.ofRows ? [types.int8] : this.itemTypes)];
    const vecs = width.map((type, c) =>
      concatAll(
        this.parts.map((part) => part[c]!),
        type,
      ),
    );
    return { vecs, order: topRows(vecs.slice(0, this.keys.length), this.keys, this.held, this.limit) };
  }

  late(): ReturnType<Sink['late']> {
    const { vecs, order } = this.reduce();
    this.candidates = vecs;
    this.best = order;
    const rows = vecs[this.keys.length];
    if (!this.ofRows || order.length === 0 || this.items.length === 0) return undefined;
    const positions = Int32Array.from(order, (i) => (rows as Extract<Vec, { form: 'flat' }>).data[i]!).sort();
    const sink = new RowsSink(this.items, this.itemTypes, Infinity);
    this.lateItems = sink;
    return { registers: this.items, rows: positions, take: (values, n) => sink.take(values, n) };
  }

  finish(): { rows: number; columns: Vec[] } {
    const order = this.best!;
    const keys = this.candidates!.slice(0, this.keys.length).map((vec) => gather(vec, order));
    if (!this.ofRows) {
      const items = this.candidates!.slice(this.keys.length).map((vec) => gather(vec, order));
      return { rows: order.length, columns: [...items, ...keys] };
    }
    // Late items came by ascending row, as candidates do: the rank of a candidate is its place among the chosen.
    const ranks = new Int32Array(order.length);
    for (const [rank, candidate] of [...order]
      .map((_, i) => i)
      .sort((a, b) => order[a]! - order[b]!)
      .entries())
      ranks[candidate] = rank;
    const items = this.lateItems?.finish().columns ?? this.itemTypes.map((type) => fromValues(type, []));
    return { rows: order.length, columns: [...items.map((vec) => gather(vec, ranks)), ...keys] };
  }
}

class AggregateSink implements Sink {
  readonly registers: readonly Register[];
  readonly full = false;
  private readonly table: GroupTable;
  private readonly states: readonly AggregateState[];

  constructor(
    private readonly groups: readonly Register[],
    groupTypes: readonly SqlType[],
    private readonly aggregates: readonly FragmentAggregate[],
    argTypes: readonly (SqlType | undefined)[],
  ) {
    this.table = new GroupTable(groupTypes);
    this.states = aggregates.map((aggregate, i) => makeState(aggregate, argTypes[i]));
    const args = aggregates.flatMap(({ arg, filter }) => [arg, filter]).filter((r) => r !== undefined);
    this.registers = [...new Set([...groups, ...args])];
  }

  take(values: readonly Vec[], n: number): { rows: number; bytes: number } {
    const at = (register: Register): Vec => values[this.registers.indexOf(register)]!;
    const groups = this.table.assign(this.groups.map(at), n);
    const { size } = this.table;
    for (const [i, { arg, filter }] of this.aggregates.entries()) {
      const value = arg === undefined ? undefined : at(arg);
      const mask = both(value?.valid, filter === undefined ? undefined : truths(at(filter)), n);
      this.states[i]!.update(value, { n, groups, mask, size });
    }
    return { rows: size, bytes: 0 };
  }
  late(): undefined {}
  finish(): { rows: number; columns: Vec[] } {
    const { size } = this.table;
    return { rows: size, columns: [...this.table.keyVecs(), ...this.states.flatMap((state) => state.states(size))] };
  }
}

/** 1 where the condition is true. */
function truths(vec: Vec): Uint8Array {
  if (vec.form !== 'flat') throw new Error('a condition is flat');
  return both(vec.data as Uint8Array, vec.valid, vec.n)!;
}

function both(a: Uint8Array | undefined, b: Uint8Array | undefined, n: number): Uint8Array | undefined {
  if (!a || !b) return a ?? b;
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i++) out[i] = a[i]! & b[i]!;
  return out;
}
