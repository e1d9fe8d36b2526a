// Which partitions can hold a row that passes a filter: what a predicate may be, by statistics, of all partitions at once.

import type { ColumnStats, TableStats } from '../../catalog/index.js';
import { compareText, type SqlType, types } from '../../core/index.js';
import type { ColumnId, Scalar } from '../bind/scalar.js';
import type { Scan } from '../logical/logical-plan.js';
import { columnsOf, substitute } from '../logical/walk-scalar.js';
import { foldConstants } from '../rules/fold-constants.js';
import { opcodeOf } from './kernel-verdict.js';

/** Outcomes a predicate may have on the rows of a partition. NULL passes no filter and neither does its negation: it needs no bit. */
const TRUE = 1;
const FALSE = 2;
const ANY = TRUE | FALSE;
type Outcomes = Uint8Array;

/** Terms times partitions: beyond it pruning would cost more than it saves. */
const mostWork = 20_000_000;

/** Numbers an expression may give on a partition's rows. `min` > `max` where it gives none but NaN or NULL. */
interface Range {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly nan?: Uint8Array;
  /** What prunes, for EXPLAIN: a column's name. */
  readonly label: string;
}

interface Scope {
  readonly stats: TableStats;
  readonly sources: ReadonlyMap<ColumnId, Source>;
}
type Source =
  | { readonly kind: 'branch'; readonly name: string; readonly stats: ColumnStats | undefined }
  | { readonly kind: 'event_id' | '_file' | '_file_ordinal' }
  | { readonly kind: 'element'; readonly range: Range | undefined };

export interface Pruning {
  /** Ascending. */
  readonly partitions: Int32Array;
  readonly pruned: readonly { readonly reason: string; readonly partitions: number }[];
}

/** @param mostRows as many rows as are wanted of an unfiltered scan */
export function prunePartitions(
  scan: Scan,
  filter: readonly Scalar[],
  stats: TableStats | undefined,
  mostRows?: number,
): Pruning {
  const count = scan.table.partitionCount;
  const alive = new Uint8Array(count).fill(1);
  const pruned: { reason: string; partitions: number }[] = [];
  const drop = (reason: string, keeps: (p: number) => boolean): void => {
    let dropped = 0;
    for (let p = 0; p < count; p++) {
      if (alive[p] === 0 || keeps(p)) continue;
      alive[p] = 0;
      dropped++;
    }
    if (dropped > 0) pruned.push({ reason, partitions: dropped });
  };
  if (scan.files) {
    const wanted = new Set(scan.files);
    const keep = new Uint8Array(count);
    for (const file of scan.table.files)
      if (wanted.has(file.file)) keep.fill(1, file.firstPartition, file.firstPartition + file.partitionCount);
    drop('file', (p) => keep[p] === 1);
  }
  if (stats) {
    const scope = scopeOf(scan, stats);
    for (const predicate of filter) {
      const labels = new Set<string>();
      const outcomes = outcomesOf(predicate, scope, labels);
      if (outcomes) drop([...labels].join(', ') || 'filter', (p) => (outcomes[p]! & TRUE) !== 0);
    }
    if (mostRows !== undefined && filter.length === 0) {
      let rows = 0;
      drop('limit', (p) => {
        if (rows >= mostRows) return false;
        rows += stats.rows[p]!;
        return true;
      });
    }
  }
  const partitions = new Int32Array(count);
  let kept = 0;
  for (let p = 0; p < count; p++) if (alive[p] === 1) partitions[kept++] = p;
  return { partitions: partitions.slice(0, kept), pruned };
}

function scopeOf(scan: Scan, stats: TableStats): Scope {
  const sources = new Map<ColumnId, Source>();
  for (const { column, source } of scan.columns) {
    if (source.kind === 'system') sources.set(column.id, { kind: source.name });
    else {
      const { name } = scan.table.columns[source.index]!;
      sources.set(column.id, { kind: 'branch', name, stats: stats.columns.get(name) });
    }
  }
  return { stats, sources };
}

/** `undefined`: nothing is known. */
function outcomesOf(predicate: Scalar, scope: Scope, labels: Set<string>): Outcomes | undefined {
  const count = scope.stats.rows.length;
  switch (predicate.kind) {
    case 'literal':
      if (predicate.type.kind !== 'bool') return undefined;
      return new Uint8Array(count).fill(predicate.value === null ? 0 : predicate.value === true ? TRUE : FALSE);
    case 'not': {
      const inner = outcomesOf(predicate.arg, scope, labels);
      return inner?.map((o) => (o & TRUE ? FALSE : 0) | (o & FALSE ? TRUE : 0));
    }
    case 'and':
    case 'or':
      if (predicate.args.length * count > mostWork) return undefined;
      return combine(
        predicate.args.map((arg) => outcomesOf(arg, scope, labels)),
        predicate.kind,
        count,
      );
    case 'is_null':
      return nullOutcomes(predicate.arg, scope, labels);
    case 'in': {
      const { arg } = predicate;
      if (predicate.list.length * count > mostWork) return undefined;
      const each = predicate.list.map((item) => comparisonOutcomes('eq', arg, item, scope, labels));
      return combine(each, 'or', count);
    }
    case 'call': {
      const op = opcodeOf(predicate);
      const [a, b] = predicate.args;
      let outcomes: Outcomes | undefined;
      if (op && a && b && isComparison(op)) outcomes = comparisonOutcomes(op, a, b, scope, labels);
      else if (a && (op === 'list_any' || op === 'list_all')) outcomes = quantifierOutcomes(op, a, scope, labels);
      return outcomes ?? fileOutcomes(predicate, scope, labels);
    }
    default:
      return undefined;
  }
}

/** A plain loop: `from` with a function walks an iterator, twenty times slower. */
function outcomesBy(count: number, f: (p: number) => number): Outcomes {
  const outcomes = new Uint8Array(count);
  for (let p = 0; p < count; p++) outcomes[p] = f(p);
  return outcomes;
}

/** What is unknown may be anything. */
function combine(all: readonly (Outcomes | undefined)[], kind: 'and' | 'or', count: number): Outcomes | undefined {
  if (all.every((o) => o === undefined)) return undefined;
  const [ofOne, ofAll] = kind === 'and' ? [FALSE, TRUE] : [TRUE, FALSE];
  const result = new Uint8Array(count);
  for (let p = 0; p < count; p++) {
    let one = 0;
    let every = ofAll;
    for (const outcomes of all) {
      const o = outcomes ? outcomes[p]! : ANY;
      one |= o & ofOne;
      every &= o;
    }
    result[p] = one | every;
  }
  return result;
}

function nullOutcomes(arg: Scalar, scope: Scope, labels: Set<string>): Outcomes | undefined {
  const source = arg.kind === 'column' ? scope.sources.get(arg.column.id) : undefined;
  if (source?.kind !== 'branch' || !source.stats) return undefined;
  labels.add(`${source.name} nulls`);
  const { nulls } = source.stats;
  return outcomesBy(nulls.length, (p) => (nulls[p]! > 0 ? TRUE : 0) | (nulls[p]! < scope.stats.rows[p]! ? FALSE : 0));
}

const comparisons = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const;
type Comparison = (typeof comparisons)[number];
const isComparison = (op: string): op is Comparison => (comparisons as readonly string[]).includes(op);
const flipped = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;

function comparisonOutcomes(
  op: Comparison,
  a: Scalar,
  b: Scalar,
  scope: Scope,
  labels: Set<string>,
): Outcomes | undefined {
  if (a.kind === 'literal' && b.kind !== 'literal') return comparisonOutcomes(flipped[op], b, a, scope, labels);
  if (b.kind === 'literal' && b.value === null) return new Uint8Array(scope.stats.rows.length);
  if (b.kind === 'literal' && typeof b.value === 'string' && isText(b.type))
    return textOutcomes(op, a, b.value, scope, labels);
  const x = rangeOf(a, scope);
  const y = rangeOf(b, scope);
  if (!x || !y) return undefined;
  labels.add(whatPrunes(op, x.label));
  return outcomesBy(x.min.length, (p) => compareRanges(op, x, y, p));
}

const whatPrunes = (op: Comparison, label: string): string =>
  op === 'gt' || op === 'ge' ? `${label} max` : op === 'lt' || op === 'le' ? `${label} min` : label;
const isText = (type: SqlType): boolean => type.kind === 'text' || type.kind === 'varchar';

/** TRUE and FALSE as far as the bounds allow them; NaN is above all numbers and equal to itself. */
function compareRanges(op: Comparison, x: Range, y: Range, p: number): number {
  const xn = x.nan?.[p] === 1;
  const yn = y.nan?.[p] === 1;
  const x0 = x.min[p]!;
  const x1 = x.max[p]!;
  const y0 = y.min[p]!;
  const y1 = y.max[p]!;
  const xv = x0 <= x1;
  const yv = y0 <= y1;
  const less = (xv && yv && x0 < y1) || (xv && yn);
  const greater = (xv && yv && x1 > y0) || (xn && yv);
  const equal = (xv && yv && x0 <= y1 && y0 <= x1) || (xn && yn);
  switch (op) {
    case 'eq':
      return (equal ? TRUE : 0) | (less || greater ? FALSE : 0);
    case 'ne':
      return (less || greater ? TRUE : 0) | (equal ? FALSE : 0);
    case 'lt':
      return (less ? TRUE : 0) | (equal || greater ? FALSE : 0);
    case 'le':
      return (less || equal ? TRUE : 0) | (greater ? FALSE : 0);
    case 'gt':
      return (greater ? TRUE : 0) | (equal || less ? FALSE : 0);
    case 'ge':
      return (greater || equal ? TRUE : 0) | (less ? FALSE : 0);
  }
}

function textOutcomes(
  op: Comparison,
  arg: Scalar,
  value: string,
  scope: Scope,
  labels: Set<string>,
): Outcomes | undefined {
  const source = arg.kind === 'column' ? scope.sources.get(arg.column.id) : undefined;
  if (source?.kind === '_file') {
    const { files } = scope.stats.table;
    if (files.some((f) => f.source === undefined)) return undefined;
    labels.add('_file');
    const perFile = files.map((f) => textComparison(op, f.source!, f.source!, value));
    return outcomesBy(scope.stats.file.length, (p) => perFile[scope.stats.file[p]!] ?? ANY);
  }
  if (source?.kind !== 'branch' || !source.stats) return undefined;
  const { minText, maxText, nulls } = source.stats;
  if (!minText || !maxText) return undefined;
  labels.add(whatPrunes(op, source.name));
  return outcomesBy(nulls.length, (p) =>
    nulls[p]! >= scope.stats.rows[p]! ? 0 : textComparison(op, minText[p], maxText[p], value),
  );
}

/** Any predicate on `_file` alone, `_file LIKE '%/a.root'` say: constants are folded, file by file. */
function fileOutcomes(predicate: Scalar, scope: Scope, labels: Set<string>): Outcomes | undefined {
  const [column, ...others] = columnsOf(predicate).keys();
  if (column === undefined || others.length > 0 || scope.sources.get(column)?.kind !== '_file') return undefined;
  const perFile = scope.stats.table.files.map(({ source }) => {
    if (source === undefined) return ANY;
    const literal: Scalar = { kind: 'literal', type: types.text, value: source };
    const folded = foldConstants(substitute(predicate, new Map([[column, literal]])));
    if (folded.kind !== 'literal') return ANY;
    return folded.value === null ? 0 : folded.value === true ? TRUE : FALSE;
  });
  labels.add('_file');
  return outcomesBy(scope.stats.file.length, (p) => perFile[scope.stats.file[p]!] ?? ANY);
}

function textComparison(op: Comparison, min: string | undefined, max: string | undefined, value: string): number {
  const low = min === undefined ? -1 : compareText(min, value);
  const high = max === undefined ? 1 : compareText(max, value);
  const less = low < 0;
  const greater = high > 0;
  const equal = low <= 0 && high >= 0;
  const truth = { eq: equal, ne: less || greater, lt: less, le: less || equal, gt: greater, ge: greater || equal }[op];
  const falsity = { eq: less || greater, ne: equal, lt: equal || greater, le: greater, gt: less || equal, ge: less }[
    op
  ];
  return (truth ? TRUE : 0) | (falsity ? FALSE : 0);
}

/** `list_any(map(x in xs → body))`: true needs an element where `body` may be true; `list_all` is true of an empty list too. */
function quantifierOutcomes(
  op: 'list_any' | 'list_all',
  arg: Scalar,
  scope: Scope,
  labels: Set<string>,
): Outcomes | undefined {
  const body = elementOutcomes(arg, scope, labels);
  if (!body) return undefined;
  const { outcomes, minLength, maxLength } = body;
  return outcomes.map((o, p) => {
    const empty = minLength?.[p] === undefined || minLength[p] === 0;
    const some = maxLength?.[p] === undefined || maxLength[p]! > 0;
    const may = some && (o & TRUE) !== 0;
    const truth = op === 'list_any' ? may : may || empty;
    return FALSE | (truth ? TRUE : 0);
  });
}

interface ElementOutcomes {
  readonly outcomes: Outcomes;
  readonly minLength: Float64Array | undefined;
  readonly maxLength: Float64Array | undefined;
}

function elementOutcomes(arg: Scalar, scope: Scope, labels: Set<string>): ElementOutcomes | undefined {
  if (arg.kind !== 'list_map') return undefined;
  const sources = new Map(scope.sources);
  let lengths: ColumnStats | undefined;
  for (const { column, list } of arg.params) {
    const stats = listStats(list, scope);
    lengths ??= stats?.stats;
    sources.set(column.id, { kind: 'element', range: stats && elementRange(stats.stats, stats.name, scope) });
  }
  const outcomes = outcomesOf(arg.body, { ...scope, sources }, labels);
  return outcomes && { outcomes, minLength: lengths?.minLength, maxLength: lengths?.maxLength };
}

/** Of a column that is a list of scalars, as stored or cast element by element. */
function listStats(list: Scalar, scope: Scope): { readonly name: string; readonly stats: ColumnStats } | undefined {
  if (list.kind === 'cast' && list.type.kind === 'list' && isWidening(list)) return listStats(list.arg, scope);
  if (list.kind !== 'column' || list.type.kind !== 'list' || list.type.element.kind === 'list') return undefined;
  const source = scope.sources.get(list.column.id);
  return source?.kind === 'branch' && source.stats ? { name: source.name, stats: source.stats } : undefined;
}

const numberRank: Readonly<Record<string, number>> = {
  int1: 1,
  uint1: 2,
  int2: 3,
  uint2: 4,
  int4: 5,
  uint4: 6,
  int8: 7,
  uint8: 8,
  numeric: 9,
  float4: 10,
  float8: 11,
};
/** Casts that keep order and, but for rounding that is monotone, the value. */
function isWidening({ arg, type }: Scalar & { readonly kind: 'cast' }): boolean {
  const leaf = (t: SqlType): SqlType => (t.kind === 'list' ? leaf(t.element) : t);
  const from = numberRank[leaf(arg.type).kind];
  const to = leaf(type);
  const rank = numberRank[to.kind];
  // A numeric with a precision, and float4, may round or refuse: uint8 to numeric(20) and float4 to float8 are the useful ones.
  return (
    from !== undefined &&
    rank !== undefined &&
    from <= rank &&
    (to.kind !== 'float4' || leaf(arg.type).kind === 'float4')
  );
}

/** NaN bounds mean none or unknown: all numbers, unless there are no values at all. */
function knownRange(stats: ColumnStats, empty: (p: number) => boolean, label: string): Range {
  const min = stats.min.slice();
  const max = stats.max.slice();
  for (let p = 0; p < min.length; p++) {
    if (!Number.isNaN(min[p]!) && !Number.isNaN(max[p]!)) continue;
    const none = empty(p);
    min[p] = none ? Infinity : -Infinity;
    max[p] = none ? -Infinity : Infinity;
  }
  return { min, max, nan: stats.nan, label };
}

function elementRange(stats: ColumnStats, name: string, scope: Scope): Range {
  return knownRange(stats, (p) => stats.elements?.[p] === 0 || stats.nulls[p]! >= scope.stats.rows[p]!, name);
}

function rangeOf(scalar: Scalar, scope: Scope): Range | undefined {
  switch (scalar.kind) {
    case 'literal':
      return literalRange(scalar.value, scope.stats.rows.length);
    case 'column':
      return columnRange(scalar.column.id, scalar.type, scope);
    case 'cast':
      return isWidening(scalar) ? rangeOf(scalar.arg, scope) : undefined;
    case 'call':
      return callRange(scalar.args[0], opcodeOf(scalar), scope);
    default:
      return undefined;
  }
}

function columnRange(id: ColumnId, type: SqlType, scope: Scope): Range | undefined {
  const source = scope.sources.get(id);
  const { stats } = scope;
  switch (source?.kind) {
    case 'branch': {
      const column = source.stats;
      if (!column || !(type.kind in numberRank)) return undefined;
      return knownRange(column, (p) => column.nulls[p]! >= stats.rows[p]!, source.name);
    }
    case 'event_id':
      return {
        min: stats.firstEntry,
        max: stats.firstEntry.map((e, p) => e + stats.rows[p]! - 1),
        label: 'event_id',
      };
    case '_file_ordinal': {
      const ordinals = Float64Array.from(stats.file, (f) => stats.table.files[f]!.file);
      return { min: ordinals, max: ordinals, label: '_file' };
    }
    case 'element':
      return source.range;
    default:
      return undefined;
  }
}

function callRange(arg: Scalar | undefined, op: string | undefined, scope: Scope): Range | undefined {
  if (!arg || !op) return undefined;
  switch (op) {
    case 'abs': {
      const r = rangeOf(arg, scope);
      if (!r) return undefined;
      const min = r.min.map((lo, p) => (lo > r.max[p]! ? lo : Math.max(lo, -r.max[p]!, 0)));
      const max = r.max.map((hi, p) => (r.min[p]! > hi ? hi : Math.max(hi, -r.min[p]!)));
      return { ...r, min, max };
    }
    case 'neg': {
      const r = rangeOf(arg, scope);
      return r && { ...r, min: r.max.map((x) => -x), max: r.min.map((x) => -x) };
    }
    case 'list_min':
    case 'list_max': {
      const found = listStats(arg, scope);
      return found && elementRange(found.stats, found.name, scope);
    }
    case 'list_len': {
      const found = listStats(arg, scope);
      const { minLength, maxLength } = found?.stats ?? {};
      return found && minLength && maxLength && { min: minLength, max: maxLength, label: `${found.name} length` };
    }
    case 'list_count': {
      const labels = new Set<string>();
      const body = elementOutcomes(arg, scope, labels);
      if (!body?.maxLength) return undefined;
      const { outcomes, maxLength } = body;
      const max = maxLength.map((n, p) => ((outcomes[p]! & TRUE) !== 0 ? n : 0));
      return { min: new Float64Array(max.length), max, label: [...labels].join(', ') };
    }
    default:
      return undefined;
  }
}

function literalRange(value: unknown, count: number): Range | undefined {
  const filled = (x: number): Float64Array => new Float64Array(count).fill(x);
  if (typeof value === 'number') {
    if (Number.isNaN(value))
      return {
        min: filled(Infinity),
        max: filled(-Infinity),
        nan: new Uint8Array(count).fill(1),
        label: '',
      };
    return { min: filled(value), max: filled(value), label: '' };
  }
  const around = (near: number, exact: boolean): Range => {
    const slack = exact ? 0 : Math.min(Math.abs(near), Number.MAX_VALUE) * 2 ** -50 + Number.MIN_VALUE;
    return { min: filled(near - slack), max: filled(near + slack), label: '' };
  };
  if (typeof value === 'bigint') return around(Number(value), BigInt(Number(value)) === value);
  if (typeof value === 'object' && value !== null && 'unscaled' in value) {
    const { unscaled, scale, special } = value as { unscaled: bigint; scale: number; special?: string };
    if (special !== undefined) return undefined;
    // Beyond all doubles it is beyond the bounds of all columns: infinite.
    const near = Number(`${unscaled}e${-scale}`);
    return around(near, scale === 0 && Number.isSafeInteger(near));
  }
  return undefined;
}
