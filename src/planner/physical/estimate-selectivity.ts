// How many rows of a partition pass a filter, roughly, by its statistics. A predicate is looked at once, and asked for each partition.
import type { TableStats } from '../../catalog/index.js';
import type { SqlType } from '../../core/index.js';
import type { ColumnId, Scalar } from '../bind/scalar.js';
import type { ScanColumn } from '../logical/logical-plan.js';
import { complement, type Intervals, intersection, solved, solvedAbsolute, union } from './intervals.js';
import { opcodeOf } from './kernel-verdict.js';
import type { FragmentUnnest } from './physical-plan.js';
import {
  ColumnVariable,
  everything,
  type Known,
  LengthVariable,
  point,
  unknownShare,
  type Variable,
} from './value-distribution.js';

/** What parts of the rows a predicate is true and NULL for. */
interface Truth {
  readonly yes: number;
  readonly none: number;
}
type Estimate = (p: number) => Truth;
/** That a variable lies somewhere. */
interface Test {
  readonly variable: Variable;
  readonly intervals: Intervals;
}
type Term = { readonly kind: 'test'; readonly test: Test } | { readonly kind: 'other'; readonly of: Estimate };
type Scope = ReadonlyMap<ColumnId, Variable>;

const other = (of: Estimate): Term => ({ kind: 'other', of });
const constant = (yes: number, none = 0): Term => other(() => ({ yes, none }));
const unknown = constant(unknownShare);
/** Of `=` with something that nothing is known about. */
const unknownEqual = constant(0.01);

export class SelectivityEstimate {
  private readonly columns = new Map<ColumnId, Variable>();
  private readonly known = new Map<ColumnId, Known>();
  private readonly lengths = new Map<ColumnId, LengthVariable>();

  constructor(
    private readonly stats: TableStats,
    columns: readonly ScanColumn[],
  ) {
    for (const { column, source } of columns) {
      const key = String(column.id);
      if (source.kind === 'system') {
        if (source.name !== 'event_id') continue;
        this.columns.set(column.id, new ColumnVariable(key, entries(stats), true, stats.rows));
        continue;
      }
      const { name, type } = stats.table.columns[source.index]!;
      const found = stats.columns.get(name);
      if (!found) continue;
      this.known.set(column.id, found);
      if (type.kind === 'list') this.lengths.set(column.id, new LengthVariable(key, found, stats));
      else this.columns.set(column.id, new ColumnVariable(key, found, isWhole(type), stats.rows));
    }
  }

  /** Of what is stored. */
  columnStats(id: ColumnId): Known | undefined {
    return this.known.get(id);
  }

  /** Between 0 and 1, for a partition. */
  ofAll(filter: readonly Scalar[]): (p: number) => number {
    return yesOf(this.all(filter.map((predicate) => this.term(predicate, this.columns))));
  }

  /** Elements per row that pass, and the part of all elements that does. */
  ofUnnest({ lists, filter }: FragmentUnnest): (p: number) => number {
    const [first] = lists;
    const lengths = first && this.lengthsOf(first.list);
    const passing = yesOf(
      this.all(filter.map((predicate) => this.term(predicate, this.elements(lists, this.columns)))),
    );
    return (p) => (lengths ? lengths.mean(p) * (1 - lengths.missing(p)) : 1) * passing(p);
  }

  private term(predicate: Scalar, scope: Scope): Term {
    switch (predicate.kind) {
      case 'literal':
        return predicate.value === null ? constant(0, 1) : constant(predicate.value === true ? 1 : 0);
      case 'column':
        return this.tested(predicate, [point(1)], scope) ?? unknown;
      case 'not':
        return negated(this.term(predicate.arg, scope));
      case 'and':
        return this.all(predicate.args.map((arg) => this.term(arg, scope)));
      case 'or':
        return negated(this.all(predicate.args.map((arg) => negated(this.term(arg, scope)))));
      case 'in': {
        const values = predicate.list.map((item) => (item.kind === 'literal' ? numberOf(item.value) : undefined));
        const points = values.flatMap((value) => (value === undefined ? [] : [point(value)]));
        const test = points.length === values.length ? this.tested(predicate.arg, union(points), scope) : undefined;
        return test ?? this.distinctly(predicate.arg, values.length, scope);
      }
      case 'is_null': {
        const { arg } = predicate;
        if (arg.kind !== 'column') return constant(0.005);
        const [variable, list] = [scope.get(arg.column.id), this.known.get(arg.column.id)];
        if (variable) return other((p) => ({ yes: variable.missing(p), none: 0 }));
        return list ? other((p) => ({ yes: list.nulls[p]! / Math.max(1, this.stats.rows[p]!), none: 0 })) : constant(0);
      }
      case 'call':
        return this.call(predicate, scope);
      default:
        return unknown;
    }
  }

  private call(predicate: Extract<Scalar, { kind: 'call' }>, scope: Scope): Term {
    const op = opcodeOf(predicate);
    const [a, b] = predicate.args;
    if (a && (op === 'list_any' || op === 'list_all')) return this.quantified(op, a, scope);
    if (!op || !a || !b || !(op in flipped)) return unknown;
    if (a.kind === 'literal') return this.compared(flipped[op]!, b, a, scope);
    return this.compared(op, a, b, scope);
  }

  private compared(op: string, a: Scalar, b: Scalar, scope: Scope): Term {
    if (b.kind === 'literal' && b.value === null) return constant(0, 1);
    const value = b.kind === 'literal' ? numberOf(b.value) : undefined;
    const test = value === undefined ? undefined : this.tested(a, intervalsOf(op, value), scope);
    if (test) return test;
    if (op === 'eq') return this.distinctly(a, 1, scope);
    return op === 'ne' ? negated(this.distinctly(a, 1, scope)) : unknown;
  }

  /** `scalar` equals one of so many values, of which nothing else is known. */
  private distinctly(scalar: Scalar, values: number, scope: Scope): Term {
    const id = scalar.kind === 'column' ? scalar.column.id : undefined;
    const variable = id === undefined ? undefined : scope.get(id);
    if (!(variable instanceof ColumnVariable)) return values === 1 ? unknownEqual : unknown;
    return other((p) => {
      const none = variable.missing(p);
      return { yes: (1 - none) * Math.min(1, values / Math.max(1, variable.known.distinct[p]!)), none };
    });
  }

  /** That the value of `scalar` lies in `intervals`, said of the variable behind it. */
  private tested(scalar: Scalar, intervals: Intervals, scope: Scope): Term | undefined {
    switch (scalar.kind) {
      case 'column': {
        const variable = scope.get(scalar.column.id);
        return variable && isNumeric(scalar.type) ? { kind: 'test', test: { variable, intervals } } : undefined;
      }
      case 'cast':
        return isNumeric(scalar.type) && isNumeric(scalar.arg.type)
          ? this.tested(scalar.arg, intervals, scope)
          : undefined;
      case 'call':
        return this.testedCall(scalar, intervals, scope);
      default:
        return undefined;
    }
  }

  private testedCall(call: Extract<Scalar, { kind: 'call' }>, intervals: Intervals, scope: Scope): Term | undefined {
    const [a, b] = call.args;
    const op = opcodeOf(call);
    const left = a?.kind === 'literal' ? numberOf(a.value) : undefined;
    const right = b?.kind === 'literal' ? numberOf(b.value) : undefined;
    switch (op) {
      case 'abs':
        return this.tested(a!, solvedAbsolute(intervals), scope);
      case 'neg':
        return this.tested(a!, solved(intervals, -1, 0), scope);
      case 'add':
        if (right !== undefined) return this.tested(a!, solved(intervals, 1, right), scope);
        return left === undefined ? undefined : this.tested(b!, solved(intervals, 1, left), scope);
      case 'sub':
        if (right !== undefined) return this.tested(a!, solved(intervals, 1, -right), scope);
        return left === undefined ? undefined : this.tested(b!, solved(intervals, -1, left), scope);
      case 'mul':
        if (right) return this.tested(a!, solved(intervals, right, 0), scope);
        return left ? this.tested(b!, solved(intervals, left, 0), scope) : undefined;
      case 'div':
        return right ? this.tested(a!, solved(intervals, 1 / right, 0), scope) : undefined;
      case 'mod':
        return right && isWhole(call.type) ? remainder(Math.abs(right), intervals) : undefined;
      case 'list_len': {
        const variable = this.lengthsOf(a!);
        return variable && { kind: 'test', test: { variable, intervals } };
      }
      case 'list_count':
        return this.counted(a!, intervals, scope);
      case 'list_max':
      case 'list_min':
        return this.extreme(op, a!, intervals);
      default:
        return undefined;
    }
  }

  /** `list_any` and `list_all` of a condition on elements, which are taken to be independent. */
  private quantified(op: 'list_any' | 'list_all', map: Scalar, scope: Scope): Term {
    const inner = this.conditionOf(map, scope);
    if (!inner) return unknown;
    const { lengths, element } = inner;
    return other((p) => {
      const e = element(p);
      const none = lengths.missing(p);
      const yes =
        op === 'list_all'
          ? lengths.expect((length) => e ** length, p)
          : 1 - lengths.expect((length) => (1 - e) ** length, p);
      return { yes: (1 - none) * yes, none };
    });
  }

  /** How many elements meet a condition. */
  private counted(map: Scalar, intervals: Intervals, scope: Scope): Term | undefined {
    const inner = this.conditionOf(map, scope);
    if (!inner) return undefined;
    const { lengths, element } = inner;
    return other((p) => {
      const e = Math.min(1, element(p));
      const none = lengths.missing(p);
      const within = (length: number): number => {
        const n = Math.round(length);
        // The binomial distribution, term by term.
        let term = (1 - e) ** n;
        let sum = 0;
        for (let k = 0; k <= n; k++) {
          if (intervals.some((interval) => contains(interval, k))) sum += e === 1 ? Number(k === n) : term;
          term *= ((n - k) / (k + 1)) * (e / (1 - e));
        }
        return Math.min(1, sum);
      };
      return { yes: (1 - none) * lengths.expect(within, p), none };
    });
  }

  /** NULL where there are no elements. */
  private extreme(op: 'list_max' | 'list_min', list: Scalar, intervals: Intervals): Term | undefined {
    const lengths = this.lengthsOf(list);
    const element = this.elementOf(list);
    if (!lengths || !element) return undefined;
    const { distribution } = element;
    return other((p) => {
      const missing = lengths.missing(p);
      const empty = lengths.expect((length) => (length === 0 ? 1 : 0), p);
      const below = (value: number, included: boolean, length: number): number => {
        const share = distribution.upTo(value, included, p);
        return op === 'list_max' ? share ** length : 1 - (1 - share) ** length;
      };
      const yes = intervals.reduce(
        (sum, { lo, loIn, hi, hiIn }) =>
          sum + lengths.expect((n) => (n === 0 ? 0 : below(hi, hiIn, n) - below(lo, !loIn, n)), p),
        0,
      );
      const none = missing + (1 - missing) * empty;
      return { yes: Math.min(1 - none, Math.max(0, (1 - missing) * yes)), none };
    });
  }

  private conditionOf(map: Scalar, scope: Scope) {
    if (map.kind !== 'list_map') return undefined;
    const [first] = map.params;
    const lengths = first && this.lengthsOf(first.list);
    return lengths && { lengths, element: yesOf(this.term(map.body, this.elements(map.params, scope))) };
  }

  private elements(params: FragmentUnnest['lists'], scope: Scope): Scope {
    const inner = new Map(scope);
    for (const { column, list } of params) {
      const element = this.elementOf(list);
      if (element) inner.set(column.id, element);
    }
    return inner;
  }

  private elementOf(list: Scalar): ColumnVariable | undefined {
    if (list.kind === 'cast') return this.elementOf(list.arg);
    const known = list.kind === 'column' ? this.known.get(list.column.id) : undefined;
    if (!known || list.kind !== 'column' || list.type.kind !== 'list') return undefined;
    return new ColumnVariable(`element ${list.column.id}`, known, isWhole(list.type.element));
  }

  private lengthsOf(list: Scalar): LengthVariable | undefined {
    if (list.kind === 'cast') return this.lengthsOf(list.arg);
    return list.kind === 'column' ? this.lengths.get(list.column.id) : undefined;
  }

  /** Conditions on one variable are one; those on different ones are taken to be independent. */
  private all(terms: readonly Term[]): Term {
    const tests = new Map<string, Test>();
    const rest: Term[] = [];
    for (const term of terms) {
      if (term.kind === 'other') {
        rest.push(term);
        continue;
      }
      const { variable, intervals } = term.test;
      const before = tests.get(variable.key);
      tests.set(variable.key, { variable, intervals: before ? intersection(before.intervals, intervals) : intervals });
    }
    const united = [...[...tests.values()].map((test): Term => ({ kind: 'test', test })), ...rest];
    if (united.length === 1) return united[0]!;
    const estimates = united.map(estimateOf);
    return other((p) => {
      let [yes, possible] = [1, 1];
      for (const estimate of estimates) {
        const truth = estimate(p);
        yes *= truth.yes;
        possible *= truth.yes + truth.none;
      }
      return { yes, none: possible - yes };
    });
  }
}

function estimateOf(term: Term): Estimate {
  if (term.kind === 'other') return term.of;
  const { variable, intervals } = term.test;
  return (p) => {
    const none = variable.missing(p);
    return { yes: (1 - none) * variable.share(intervals, p), none };
  };
}

const yesOf = (term: Term): ((p: number) => number) => {
  const estimate = estimateOf(term);
  return (p) => Math.min(1, Math.max(0, estimate(p).yes));
};

function negated(term: Term): Term {
  if (term.kind === 'test') return { kind: 'test', test: { ...term.test, intervals: complement(term.test.intervals) } };
  return other((p) => {
    const { yes, none } = term.of(p);
    return { yes: Math.max(0, 1 - yes - none), none };
  });
}

/** Remainders are as frequent as each other. */
function remainder(divisor: number, intervals: Intervals): Term {
  const inside = intervals.reduce((sum, { lo, loIn, hi, hiIn }) => {
    const first = Math.max(0, loIn ? Math.ceil(lo) : Math.floor(lo) + 1);
    const last = Math.min(divisor - 1, hiIn ? Math.floor(hi) : Math.ceil(hi) - 1);
    return sum + Math.max(0, last - first + 1);
  }, 0);
  return constant(inside / divisor);
}

const contains = ({ lo, loIn, hi, hiIn }: Intervals[number], value: number): boolean =>
  (loIn ? value >= lo : value > lo) && (hiIn ? value <= hi : value < hi);

function intervalsOf(op: string, value: number): Intervals {
  switch (op) {
    case 'eq':
      return [point(value)];
    case 'ne':
      return complement([point(value)]);
    case 'lt':
      return [{ ...everything, hi: value, hiIn: false }];
    case 'le':
      return [{ ...everything, hi: value }];
    case 'gt':
      return [{ ...everything, lo: value, loIn: false }];
    default:
      return [{ ...everything, lo: value }];
  }
}

/** Entry numbers are counted, not stored. */
function entries({ firstEntry, rows }: TableStats): Known {
  const nothing = new Float64Array(rows.length);
  const max = firstEntry.map((first, p) => first + rows[p]! - 1);
  return { nulls: nothing, bytes: nothing, min: firstEntry, max, distinct: rows };
}

const flipped: Readonly<Record<string, string>> = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' };

const wholeKinds: ReadonlySet<string> = new Set([
  ...['bool', 'int1', 'uint1', 'int2', 'uint2', 'int4', 'uint4', 'int8', 'uint8'],
  'date',
]);
const isWhole = (type: SqlType): boolean =>
  wholeKinds.has(type.kind) || (type.kind === 'numeric' && (type.scale ?? 0) === 0);
const isNumeric = (type: SqlType): boolean =>
  wholeKinds.has(type.kind) || type.kind === 'numeric' || type.kind === 'float4' || type.kind === 'float8';

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'object' && value !== null && 'unscaled' in value && 'scale' in value)
    return Number(value.unscaled) / 10 ** Number(value.scale);
  return undefined;
}
