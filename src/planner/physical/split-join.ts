// Outer, semi and anti joins whose condition DuckDB cannot ask, or would ask of every row with every row: joined by what it can hash, the
// rest is asked of the pairs, and rows without a pair that holds are found again by their numbers.
import { types } from '../../core/index.js';
import type { Column, ColumnId, Scalar } from '../bind/scalar.js';
import type { Join, LogicalPlan, WindowCall } from '../logical/logical-plan.js';
import { outputColumns, outputIds } from '../logical/walk-plan.js';
import { columnRef, columnsOf, conjunction, conjuncts, hasSubquery, trueLiteral } from '../logical/walk-scalar.js';
import { int8, type Names, passed, windowCall } from './decorrelate.js';
import { isRenderable } from './homes.js';

/** @returns `undefined` where the condition is DuckDB's, or the join an inner one */
export function splitJoin(join: Join, names: Names): LogicalPlan | undefined {
  if (join.type === 'inner' || join.type === 'cross' || !join.on) return undefined;
  const terms = conjuncts(join.on);
  const asked = terms.filter((t) => isRenderable(t) && !hasSubquery(t));
  const hashed = hashedTerms(join, asked);
  // Without an equality every pair is looked at in any case.
  const within = hashed.some(isEquality) ? hashed : asked;
  const rest = terms.filter((t) => !within.includes(t));
  if (rest.length === 0) return undefined;
  return new Splitter(join, within, rest, names).split();
}

/** Whether DuckDB, which can ask the condition, would take the square of the rows for it: a join by hashes takes comparisons of one side with the other. */
export function isQuadratic(join: Join): boolean {
  if (join.type === 'inner' || join.type === 'cross' || join.lateral || !join.on) return false;
  const terms = conjuncts(join.on);
  const hashed = hashedTerms(join, terms);
  return hashed.length < terms.length && hashed.some(isEquality);
}

const isEquality = (term: Scalar): boolean => term.kind === 'call' && term.name === '=';
const comparisons = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** Comparisons of the left with the right, and terms over the side whose rows may drop out. */
function hashedTerms({ type, left, right }: Join, terms: readonly Scalar[]): readonly Scalar[] {
  const [lefts, rights] = [outputIds(left), outputIds(right)];
  const within = (scalar: Scalar, side: ReadonlySet<ColumnId>): boolean =>
    !hasSubquery(scalar) && [...columnsOf(scalar).keys()].every((id) => side.has(id));
  return terms.filter((term) => {
    if (type !== 'full' && within(term, type === 'right' ? lefts : rights)) return true;
    if (term.kind !== 'call' || !comparisons.has(term.name) || term.args.length !== 2) return false;
    const [a, b] = term.args as [Scalar, Scalar];
    if (columnsOf(a).size === 0 || columnsOf(b).size === 0) return false;
    return (within(a, lefts) && within(b, rights)) || (within(a, rights) && within(b, lefts));
  });
}

class Splitter {
  readonly #holds: Column;

  constructor(
    readonly join: Join,
    readonly within: readonly Scalar[],
    readonly rest: readonly Scalar[],
    readonly names: Names,
  ) {
    this.#holds = names.newColumn('holds', types.bool);
  }

  split(): LogicalPlan {
    const { join } = this;
    const isFull = join.type === 'full';
    // Which side's rows stay, for whatever the other has.
    const keepsLeft = join.type !== 'right';
    const keepsRight = join.type === 'right' || isFull;
    const left = this.#numbered(join.left);
    const right = this.#numbered(join.right);
    const type = { left: 'left', anti: 'left', semi: 'inner', right: 'right', full: 'full' } as const;
    const pairs: LogicalPlan = {
      kind: 'join',
      type: type[join.type as keyof typeof type],
      left: left.plan,
      right: right.plan,
      on: conjunction(this.within),
      lateral: join.lateral,
    };
    const isPair = [left, right].map(({ number }) =>
      not({ kind: 'is_null', type: types.bool, arg: columnRef(number) }),
    );
    const asked: LogicalPlan = {
      kind: 'project',
      input: pairs,
      items: [
        ...passed(outputColumns(pairs)),
        {
          column: this.#holds,
          expr: choice(
            [...isPair, ...this.rest].reduceRight<Scalar>((then, when) => choice(when, then), trueLiteral),
            trueLiteral,
          ),
        },
      ],
    };
    const kept = [...(keepsLeft ? [left] : []), ...(keepsRight ? [right] : [])].map(({ number }) =>
      this.#lonely(number),
    );
    const counted: LogicalPlan = { kind: 'window', input: asked, windows: kept.flatMap((k) => k.windows) };
    return isFull ? this.#full(counted, left.number, right.number, kept) : this.#oneSided(counted, kept[0]!);
  }

  #oneSided(input: LogicalPlan, kept: Lonely): LogicalPlan {
    const { join } = this;
    const holds = columnRef(this.#holds);
    const predicate: Scalar =
      join.type === 'semi'
        ? conjunction([holds, kept.isFirst])
        : join.type === 'anti'
          ? kept.test
          : { kind: 'or', type: types.bool, args: [holds, kept.test] };
    const own = new Set(
      (join.type === 'right' ? join.right : join.left) &&
        outputColumns(join.type === 'right' ? join.right : join.left).map((c) => c.id),
    );
    const items = outputColumns(join).map((column) => ({
      column,
      expr: own.has(column.id) ? columnRef(column) : choice(holds, columnRef(column)),
    }));
    return { kind: 'project', input: { kind: 'filter', input, predicate }, items };
  }

  /** A pair that does not hold may give a row of each side. */
  #full(input: LogicalPlan, left: Column, right: Column, kept: readonly Lonely[]): LogicalPlan {
    const { join } = this;
    const kind = this.names.newColumn('kind', types.int8);
    const literal = (n: number): Scalar => ({ kind: 'literal', type: types.int8, value: BigInt(n) });
    const is = (n: number): Scalar => int8('=', columnRef(kind), literal(n));
    const kinds: LogicalPlan = { kind: 'values', columns: [kind], rows: [[literal(1)], [literal(2)], [literal(3)]] };
    const there = (column: Column): Scalar => not({ kind: 'is_null', type: types.bool, arg: columnRef(column) });
    const predicate: Scalar = {
      kind: 'or',
      type: types.bool,
      args: [
        conjunction([is(1), columnRef(this.#holds)]),
        conjunction([is(2), there(left), kept[0]!.test]),
        conjunction([is(3), there(right), kept[1]!.test]),
      ],
    };
    const lefts = new Set(outputColumns(join.left).map((c) => c.id));
    const items = outputColumns(join).map((column) => ({
      column,
      expr: choice(not(is(lefts.has(column.id) ? 3 : 2)), columnRef(column)),
    }));
    return {
      kind: 'project',
      input: {
        kind: 'filter',
        input: { kind: 'join', type: 'cross', left: input, right: kinds, lateral: false },
        predicate,
      },
      items,
    };
  }

  #numbered(input: LogicalPlan): { plan: LogicalPlan; number: Column } {
    const number = this.names.newColumn('row', types.int8);
    return { plan: { kind: 'window', input, windows: [windowCall('row_number', [], number, [])] }, number };
  }

  /** Whether a row has no pair that holds, true in one of its pairs. */
  #lonely(number: Column): Lonely {
    const some = this.names.newColumn('some', types.bool);
    const place = this.names.newColumn('place', types.int8);
    const by = [columnRef(number)];
    const descending = { expr: columnRef(this.#holds), descending: true, nullsFirst: false };
    const isFirst = int8('=', columnRef(place), { kind: 'literal', type: types.int8, value: 1n });
    return {
      windows: [
        windowCall('bool_or', [columnRef(this.#holds)], some, by),
        windowCall('row_number', [], place, by, [descending]),
      ],
      isFirst,
      test: conjunction([isFirst, not(columnRef(some))]),
    };
  }
}

interface Lonely {
  readonly windows: readonly WindowCall[];
  readonly isFirst: Scalar;
  readonly test: Scalar;
}

const not = (arg: Scalar): Scalar => ({ kind: 'not', type: types.bool, arg });

/** NULL, or false of a boolean, where the condition is not true. */
function choice(when: Scalar, then: Scalar): Scalar {
  const otherwise: Scalar = {
    kind: 'literal',
    type: then.type,
    value: then.type.kind === 'bool' && then.kind !== 'column' ? false : null,
  };
  return { kind: 'case', type: then.type, branches: [{ when, then }], otherwise };
}
