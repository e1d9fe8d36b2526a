// What a function or operator is: one entry that the binder, pushdown, the engines, completion and the documentation read.
import type { SqlType } from '../sql-type.js';

/** One value outside Arrow buffers: literals, constant folding, reference meaning. */
export type Value =
  | null
  | boolean // bool
  | number // int1..int4, uint1..uint4, float4 (already rounded), float8; date (days), since 1970
  | bigint // int8, uint8; time, timestamp(tz) in microseconds
  | string // text, varchar, char, json(b), uuid
  | Uint8Array // bytea
  | NumericValue
  | IntervalValue
  | readonly Value[] // list
  | StructValue;

/** `unscaled / 10^scale`, or one of the specials. */
export interface NumericValue {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly special?: 'NaN' | 'Infinity' | '-Infinity';
}
export interface IntervalValue {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}
export interface StructValue {
  readonly fields: readonly Value[];
}

/** PostgreSQL's polymorphic pseudo-types, resolved together over one call. */
export type Polymorphic = 'any' | 'anyelement' | 'anyarray' | 'anynonarray' | 'anycompatible' | 'anycompatiblearray';
export type TypePattern = SqlType | Polymorphic;

export interface RenderContext {
  readonly argTypes: readonly SqlType[];
  readonly type: SqlType;
  /**
   * For aggregates and window functions: one native call with the query's DISTINCT, ORDER BY, FILTER and OVER put on it (WITHIN
   * GROUP where `orderedSet`), since a rendering may take several: `avg` is a sum over a count. A plain call where absent.
   */
  readonly call?: (name: string, args: readonly string[]) => string;
  /** For renderings: nothing but DuckDB can compute it, so numerics of any digits may be computed within 38 digits, or fail. */
  readonly lastResort?: boolean;
  /** For accumulators: how the rows they get are sorted, which hypothetical ranks compare by. */
  readonly order?: readonly { readonly descending: boolean; readonly nullsFirst: boolean }[];
}

/** An aggregate over one group: rows go in, in order; one value comes out. */
export interface Accumulator {
  /** Rows with a NULL argument are left out beforehand where the overload is strict. */
  add(args: readonly Value[]): void;
  result(): Value;
}

/** One partition as a window function sees it: rows by their position in its order, from 0. */
export interface WindowRows {
  readonly size: number;
  /** The number of the row's group of peers, and where it begins and ends. */
  peers(row: number): { readonly group: number; readonly start: number; readonly end: number };
  /** The rows of the row's frame as ranges, in order: more than one where rows are excluded. */
  frame(row: number): readonly (readonly [start: number, end: number])[];
  arg(row: number, index: number): Value;
}

export interface Overload {
  /** Unique over the registry; PostgreSQL's `proname` where it has one (`int4pl`, `float8mul`), else `list_any(bool[])`-like. */
  readonly op: string;
  readonly args: readonly TypePattern[];
  /** The last argument repeats, at least once. */
  readonly variadic?: boolean;
  /**
   * A function where the result type depends on more than polymorphism (numeric scale, struct fields). `constants` holds the
   * arguments that are literals: the scale of `round(x, 2)` is 2.
   */
  readonly returns:
    | TypePattern
    | ((argTypes: readonly SqlType[], constants?: readonly (Value | undefined)[]) => SqlType);
  /** NULL in, NULL out. */
  readonly strict: boolean;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  /**
   * SQL that means exactly this in DuckDB-WASM, without extensions; absent where none does, `undefined` where none does for these
   * types. Arguments come rendered, atomic, of `duckDbType` of their types; so is the result.
   */
  readonly duckdb?: (args: readonly string[], context: RenderContext) => string | undefined;
  /** Opcode in the fragment contract, where storage can run it with the same bits. */
  readonly kernel?: string;
  /**
   * The reference meaning on single values (never called with NULL where strict). Constant folding and the evaluator's
   * row-by-row fallback use it; throws DiagnosticError as PostgreSQL would. A table function's gives the list of its rows.
   */
  readonly fold?: (args: readonly Value[], context: RenderContext) => Value;
  /** A table function's rows one by one, where they may be many; `fold` gives the list of them. */
  readonly rows?: (args: readonly Value[], context: RenderContext) => Iterable<Value>;
  /** The reference meaning of an aggregate: a fresh accumulator per group. */
  readonly accumulate?: (context: RenderContext) => Accumulator;
  /** The reference meaning of a window function that is no aggregate: its value in a row of a partition. */
  readonly over?: (rows: WindowRows) => (row: number) => Value;
  /** `WITHIN GROUP (ORDER BY …)`: the last argument is the sorted one, those before it are direct. */
  readonly orderedSet?: boolean;
}

export type FunctionKind = 'scalar' | 'operator' | 'aggregate' | 'window' | 'table';

export interface FunctionEntry {
  readonly name: string;
  readonly kind: FunctionKind;
  /** Chapter of the generated documentation: `comparison`, `mathematical`, `string`, `list`, `aggregate`, `physics`, … */
  readonly chapter: string;
  readonly description: string;
  readonly example?: { readonly sql: string; readonly result: string };
  /** Positions whose argument may be a lambda. */
  readonly lambdas?: readonly number[];
  /**
   * A list reduction: its arguments are an element-wise context, in which operators and functions on elements broadcast
   * over lists (`list_any(Muon_pt > 20)`); the binder turns that, and the lambda form, into one `list_map`.
   */
  readonly reducesLists?: boolean;
  /** For calls with `name => value`: the parameters of its longest overload; those with a default may be left out. */
  readonly parameters?: readonly { readonly name: string; readonly default?: Value }[];
  /** An aggregate whose result shows the order of its input, as a list of it does. */
  readonly showsOrder?: boolean;
  /** What its one column is called in FROM, where neither the alias nor the function's name. */
  readonly column?: string;
  readonly overloads: readonly Overload[];
}
