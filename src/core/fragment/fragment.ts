// The fragment: the part of a plan one partition answers alone, as plain data. Known to planner, store and runner; encoded by
// encode-fragment.ts, laid out in docs/architecture/fragment.md, and to be read by kernels in other languages.
import type { Value } from '../registry/index.js';
import type { SqlType } from '../sql-type.js';
import type { Opcode } from './opcodes.js';

/** Grows when a reader of the old layout would misread the new one. */
export const fragmentVersion = 1;

/** What a home may spend on one partition; beyond it the answer is an error, never a part of the result. */
export interface FragmentBudget {
  /** Rows (or groups) of the result. */
  readonly rows: number;
  /** Bytes of input read, and bytes of the result. */
  readonly bytes: number;
  /** Looked at between the instructions of each chunk of rows. */
  readonly millis: number;
}

export interface Fragment {
  readonly budget: FragmentBudget;
  /** Rows of the partition. */
  readonly rows: number;
  /** `event_id` of its first row. */
  readonly firstEntry: number;
  /** The value of `_file`. */
  readonly file: string;
  readonly fileOrdinal: number;
  readonly columns: readonly FragmentColumn[];
  readonly program: FragmentProgram;
}

/** One stored column: its storage type and its buffers, depth first: validity (length 0 where none), offsets, then values or the child's. */
export interface FragmentColumn {
  readonly type: SqlType;
  readonly buffers: readonly FragmentBuffer[];
}
export interface FragmentBuffer {
  readonly offset: number;
  readonly length: number;
  /** CRC-32 (zlib's) of the stored bytes. */
  readonly checksum: number;
  /** 0: none. */
  readonly codec: number;
}

/** Everything that is the same for all partitions of one layout; encoded once. */
export interface FragmentProgram {
  /** Decides which rows pass; absent: all. */
  readonly filter?: FilterSection;
  /** Its frame 0 holds the rows that passed. */
  readonly instructions: readonly Instruction[];
  /** The frame whose positions are the rows of the output: 0, or one below it (`unnest`: `enter`, then `where` for conditions on elements). */
  readonly frame: number;
  readonly output: FragmentResultSpec;
}
export interface FilterSection {
  readonly instructions: readonly Instruction[];
  /** The rows that pass: frame 0, or a chain of `where` frames over it. */
  readonly frame: number;
}

/** Registers are positions of instructions in their section. */
export type Register = number;

/**
 * One instruction in static single assignment form. Its result is a vector over a frame: frame 0 is the rows, `enter` makes
 * the frame of a list's elements, `where` that of the positions where a condition holds; constants live in {@link constantFrame}
 * and go with every frame.
 */
export interface Instruction {
  readonly op: Opcode;
  readonly type: SqlType;
  /** Of the result; for `enter` and `where` the frame they make, numbered from 1 in order. */
  readonly frame: number;
  readonly args: readonly Register[];
  readonly immediate?: Immediate;
}
export const constantFrame = -1;

/** `column`, `field`: a position; `where`: a {@link whereModes} index; `cast`: {@link castFlags}; `constant`: its value; `in`: the values. */
export type Immediate = number | { readonly value: Value } | { readonly values: readonly Value[] };

/** Which positions a `where` frame keeps, by its condition. */
export const whereModes = ['true', 'not_true', 'not_false', 'null'] as const;
export type WhereMode = (typeof whereModes)[number];

export const castFlags = { explicit: 1, attempt: 2 } as const;

export type FragmentResultSpec =
  | { readonly kind: 'rows'; readonly registers: readonly Register[]; readonly limit?: number }
  | {
      readonly kind: 'top_n';
      readonly registers: readonly Register[];
      readonly keys: readonly FragmentSortKey[];
      readonly limit: number;
    }
  | {
      readonly kind: 'aggregate';
      readonly groups: readonly Register[];
      readonly aggregates: readonly FragmentAggregate[];
    };

export interface FragmentSortKey {
  readonly register: Register;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export interface FragmentAggregate {
  readonly op: AggregateOpcode;
  /** Absent for `count_star`. */
  readonly arg?: Register;
  /** Only rows where it is true. */
  readonly filter?: Register;
  /** Of `hist` alone. */
  readonly histogram?: Histogram;
}

/** `bins` equal bins over [low, high). */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly bins: number;
}

export const maxBins = 1_000_000;

export function isHistogram({ low, high, bins }: Histogram): boolean {
  return Number.isInteger(bins) && bins >= 1 && bins <= maxBins && low < high && Number.isFinite(high - low);
}

/** Partial aggregates; the columns that hold the state of each are {@link stateTypes}. */
export const aggregateOpcodes = [
  'count_star',
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'hist',
] as const;
export type AggregateOpcode = (typeof aggregateOpcodes)[number];

/** From the values of `hist`'s arguments after the first. */
export function histogramOf([low, high, bins]: readonly (Value | undefined)[]): Histogram | undefined {
  if (typeof low !== 'number' || typeof high !== 'number' || typeof bins !== 'number') return undefined;
  const histogram = { low, high, bins };
  return isHistogram(histogram) ? histogram : undefined;
}
