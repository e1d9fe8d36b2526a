// Random fragments as the planner makes them: bound expressions of every overload that the registry gives an opcode, over the columns of
// a random partition; with the plan that asks DuckDB for the same rows.
import {
  allFunctions,
  castKind,
  comparable,
  isFragmentType,
  kernelCasts,
  kernelSupports,
  listOf,
  type Overload,
  renderCast,
  type SqlType,
  sameType,
  type TypePattern,
  types,
} from '../../src/core/index.js';
import type {
  AggregateCall,
  Column,
  ColumnId,
  FragmentOutput,
  FragmentSpec,
  LogicalPlan,
  ProjectItem,
  Scalar,
  ScanColumn,
  SortKey,
} from '../../src/planner/index.js';
import { isKernel, whyNotKernelAggregate } from '../../src/planner/physical/kernel-verdict.js';
import { type Random, randomValue } from './random-fragment.js';

/** How near DuckDB must come: to the bit, to a few units in the last place (its C library's functions), or to 1e-12 of the sum of magnitudes. */
export type Nearness = 'exact' | 'elementary' | 'sum';

export interface RandomSpec {
  readonly spec: FragmentSpec;
  /** Over input 0, whose columns are the spec's. Beyond the spec's columns it gives the sums of magnitudes of those that are `sum`, in order. */
  readonly plan: LogicalPlan;
  readonly columns: readonly Column[];
  readonly near: readonly Nearness[];
  /** Rows come in an order that both keep. */
  readonly ordered: boolean;
  /** Why an error may be raised by one of the two alone: the order of evaluation is not SQL's. */
  readonly lazy: boolean;
  /** The sign of a zero may be that of any equal value. */
  readonly anyZero: boolean;
}

interface Callable {
  readonly name: string;
  readonly overload: Overload;
  readonly args: readonly SqlType[];
  readonly type: SqlType;
}

/** DuckDB's C library rounds these differently, so that nothing but the comparison may follow them. */
const elementary: ReadonlySet<string> = new Set([
  ...['cbrt', 'exp', 'ln', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh'],
  ...['asinh', 'acosh', 'atanh', 'pow', 'degrees', 'radians', 'list_product'],
]);
const summing: ReadonlySet<string> = new Set(['list_sum', 'list_avg', 'sum', 'avg']);
/** These give one of several equal values. */
const choosesZero: ReadonlySet<string> = new Set(['least', 'greatest', 'list_min', 'list_max']);

const decimal: SqlType = { kind: 'numeric', precision: 10, scale: 2 };
const elements: readonly SqlType[] = [
  types.int2,
  types.int4,
  types.int8,
  types.float4,
  types.float8,
  types.bool,
  types.text,
  types.date,
  types.timestamp,
  decimal,
];
const keyOf = (type: SqlType): string =>
  type.kind === 'list'
    ? `${keyOf(type.element)}[]`
    : type.kind === 'numeric'
      ? `n${type.precision},${type.scale}`
      : type.kind;
const isFloat = ({ kind }: SqlType): boolean => kind === 'float4' || kind === 'float8';

/** Every way in which fragments can be asked to call a function, by the type of the result. */
const callables = new Map<string, Callable[]>();
export const aggregates: {
  readonly name: string;
  readonly overload: Overload;
  readonly arg?: SqlType;
  readonly type: SqlType;
}[] = [];

/** An argument's or a result's type, where `element` is what the call is about. */
function concrete(pattern: TypePattern, element: SqlType, argument: boolean): SqlType {
  if (typeof pattern !== 'string')
    return argument && pattern.kind === 'numeric' && pattern.precision === undefined ? decimal : pattern;
  return pattern.includes('array') && pattern !== 'anynonarray' ? listOf(element) : element;
}
for (const { name, kind, overloads } of allFunctions())
  for (const overload of overloads) {
    if (!overload.kernel || !overload.duckdb) continue;
    const open = overload.args.some((arg) => typeof arg === 'string' || arg.kind === 'numeric');
    for (const element of open ? elements : [types.int4]) {
      const args = overload.args.map((arg) => concrete(arg, element, true));
      // The binder prefers the overload of just these types.
      if (
        open &&
        overloads.some(
          (o) =>
            o !== overload &&
            o.args.length === args.length &&
            o.args.every((arg, i) => typeof arg !== 'string' && sameType(arg, args[i]!)),
        )
      )
        continue;
      if (overload.variadic) args.push(args.at(-1)!, args.at(-1)!);
      const { returns } = overload;
      const type = typeof returns === 'function' ? returns(args) : concrete(returns, element, false);
      if (kind === 'aggregate') {
        if (args.length <= 1 || overload.kernel === 'hist')
          aggregates.push({ name, overload, ...(args[0] && { arg: args[0] }), type });
      } else if (kernelSupports(overload.kernel, args, type)) {
        if (
          !overload.duckdb(
            args.map((_, i) => `c${i}`),
            { argTypes: args, type, lastResort: true },
          )
        )
          continue;
        const known = callables.get(keyOf(type)) ?? [];
        callables.set(keyOf(type), known);
        known.push({ name, overload, args, type });
      }
    }
  }

const ref = (column: Column): Scalar => ({ kind: 'column', column, type: column.type });
const castFrom: readonly SqlType[] = [
  ...elements,
  types.int1,
  types.uint1,
  types.uint2,
  types.uint4,
  types.uint8,
  types.varchar,
];

/** Expressions over columns in scope, all of which DuckDB must compute to the bit. */
class RandomScalars {
  fallible = 0;
  anyZero = false;
  shortCircuit = false;
  /** Scanned columns that stand somewhere. */
  readonly used: Column[] = [];
  private lambdas = 0;
  private scope: readonly Column[];

  constructor(
    private readonly random: Random,
    private readonly columns: readonly Column[],
    private readonly wild: boolean,
  ) {
    this.scope = columns;
  }

  add(columns: readonly Column[]): void {
    this.scope = [...this.scope, ...columns];
  }

  ref(column: Column): Scalar {
    if (this.columns.includes(column) && !this.used.includes(column)) this.used.push(column);
    return { kind: 'column', column, type: column.type };
  }

  leaf(type: SqlType): Scalar {
    const columns = this.scope.filter((column) => sameType(column.type, type));
    if (columns.length > 0 && this.random.chance(0.8)) return this.ref(this.random.pick(columns));
    return this.literal(type);
  }

  private literal(type: SqlType): Scalar {
    let value = judged(this.random, type, this.wild);
    // NULL alone teaches little.
    if (value === null && this.random.chance(0.7)) value = judged(this.random, type, this.wild);
    return { kind: 'literal', type, value };
  }

  of(type: SqlType, depth: number): Scalar {
    const { random } = this;
    if (depth <= 0 || random.chance(0.12)) return this.leaf(type);
    const sub = (of: SqlType): Scalar => this.of(of, depth - 1);
    const choice = random.next();
    if (choice < 0.07) {
      this.shortCircuit = true;
      const branches = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => ({
        when: sub(types.bool),
        then: sub(type),
      }));
      return { kind: 'case', type, branches, otherwise: sub(type) };
    }
    if (choice < 0.12) {
      this.shortCircuit = true;
      return { kind: 'coalesce', type, args: [sub(type), sub(type)] };
    }
    if (choice < 0.22) {
      const cast = this.cast(type, depth);
      if (cast) return cast;
    }
    if (type.kind === 'bool' && choice < 0.5) return this.logic(depth);
    if (type.kind === 'list') return this.list(type, depth);
    const known = callables.get(keyOf(type))?.filter(({ overload: { kernel } }) => !elementary.has(kernel!));
    if (!known || known.length === 0) return this.leaf(type);
    const called = random.pick(known);
    if (summing.has(called.overload.kernel!) && isFloat(type)) return this.leaf(type);
    return this.call(called, depth);
  }

  call({ name, overload, args, type }: Callable, depth: number): Scalar {
    if (choosesZero.has(overload.kernel!)) this.anyZero = true;
    this.fallible++;
    return { kind: 'call', name, overload, type, args: args.map((arg) => this.of(arg, depth - 1)) };
  }

  private logic(depth: number): Scalar {
    const { random } = this;
    const type = types.bool;
    const sub = (of: SqlType): Scalar => this.of(of, depth - 1);
    const choice = random.next();
    if (choice < 0.4) {
      this.shortCircuit = true;
      return {
        kind: random.pick(['and', 'or'] as const),
        type,
        args: Array.from({ length: 2 + random.below(2) }, () => sub(type)),
      };
    }
    if (choice < 0.55) return { kind: 'not', type, arg: sub(type) };
    if (choice < 0.7) return { kind: 'is_null', type, arg: sub(random.pick(elements)) };
    const of = random.pick([...elements, decimal, types.uuid, types.bytea].filter((t) => comparable(t, t)));
    const size = random.chance(0.2) ? 9 + random.below(8) : random.below(5);
    return { kind: 'in', type, arg: sub(of), list: Array.from({ length: size }, () => this.literal(of)) };
  }

  private cast(type: SqlType, depth: number): Scalar | undefined {
    const from = this.random.pick(castFrom);
    const [source, target] = type.kind === 'list' ? [listOf(from), type] : [from, type];
    if (sameType(source, target) || castKind(source, target) === undefined || !kernelCasts(source, target))
      return undefined;
    const attempt = this.random.chance(0.2);
    if (renderCast('c', source, target, { explicit: true, attempt, lastResort: true }) === undefined) return undefined;
    this.fallible++;
    return { kind: 'cast', type, arg: this.of(source, depth - 1), explicit: true, attempt };
  }

  private list(type: Extract<SqlType, { kind: 'list' }>, depth: number): Scalar {
    const { random } = this;
    const known = callables.get(keyOf(type));
    if (known && random.chance(0.1)) return this.call(random.pick(known), depth);
    const lists = this.scope.filter((column) => column.type.kind === 'list');
    if (random.chance(0.35)) {
      const param = this.parameter(type.element);
      const list = this.of(type, depth - 1);
      return { kind: 'list_filter', type, param, list, body: this.inside([param], types.bool, depth - 1) };
    }
    if (lists.length === 0) return this.leaf(type);
    const sources = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => random.pick(lists));
    const params = sources.map((source) => {
      const list = random.chance(0.2) ? this.of(source.type, depth - 1) : this.ref(source);
      return { column: this.parameter((source.type as typeof type).element), list };
    });
    if (params.length > 1) this.fallible++;
    const body = this.inside(
      params.map(({ column }) => column),
      type.element,
      depth - 1,
    );
    return { kind: 'list_map', type, params, body };
  }

  private parameter(type: SqlType): Column {
    const id = 1000 + this.lambdas++;
    return { id: id as ColumnId, name: `x${id}`, type };
  }

  private inside(params: readonly Column[], type: SqlType, depth: number): Scalar {
    const outer = this.scope;
    // Parameters are what lambdas are about.
    this.scope = [...outer, ...params, ...params, ...params];
    const body = this.of(type, Math.max(1, depth));
    this.scope = outer;
    return body;
  }
}

/** The values that DuckDB has too: dates and timestamps of PostgreSQL's range, hours of a day. */
export function judged(random: Random, type: SqlType, wild: boolean): ReturnType<typeof randomValue> {
  const value = randomValue(random, type, wild);
  if (value === null) return null;
  switch (type.kind) {
    case 'date':
      return wild && random.chance(0.2)
        ? random.pick([-2440588, 2145031948, 106751991, 0, -1])
        : Math.abs(value as number) % 30000;
    case 'time':
      return wild && random.chance(0.2)
        ? random.pick([0n, 86_399_999_999n])
        : BigInt.asUintN(36, value as bigint) % 86_400_000_000n;
    case 'timestamp':
    case 'timestamptz':
      // Native DuckDB reckons instants in milliseconds, as doubles, when it reads their literals.
      return wild && random.chance(0.2)
        ? random.pick([
            -210_866_803_200_000_000n,
            type.kind === 'timestamp' ? 9_223_371_331_199_999_999n : 253_402_300_799_999_999n,
            0n,
            -1n,
          ])
        : (value as bigint) % 1_000_000_000_000_000n;
    case 'list':
      return Array.from({ length: random.below(4) }, () => judged(random, type.element, wild));
    default:
      return value;
  }
}

const outputTypes: readonly SqlType[] = [
  ...elements,
  types.float8,
  types.float4,
  types.int8,
  types.bool,
  listOf(types.float4),
  listOf(types.int4),
  listOf(types.text),
];

/** A fragment over the scanned columns, and the plan over input 0 that gives the same rows. */
export function randomSpec(random: Random, columns: readonly ScanColumn[], entry: Column, wild: boolean): RandomSpec {
  const scanned = columns.map(({ column }) => column);
  const scalars = new RandomScalars(random, scanned, wild);
  const depth = () => (random.chance(0.5) ? 1 : 1 + random.below(3));
  const filter = random.chance(0.5)
    ? Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => scalars.of(types.bool, depth()))
    : [];
  let lazy = filter.length > 1;
  const input = { kind: 'input' as const, index: 0, columns: scalars.used };
  let plan: LogicalPlan = input;
  for (const predicate of filter) plan = { kind: 'filter', input: plan, predicate };

  let unnest: FragmentSpec['unnest'];
  const lists = scanned.filter((column) => column.type.kind === 'list');
  if (lists.length > 0 && random.chance(0.12)) {
    const made = Array.from({ length: random.chance(0.3) ? 2 : 1 }, (_, i) => {
      const list = random.chance(0.7) ? scalars.ref(random.pick(lists)) : scalars.of(random.pick(lists).type, 1);
      return {
        column: { id: (700 + i) as ColumnId, name: `u${i}`, type: (list.type as { element: SqlType }).element },
        list,
      };
    });
    const ordinality: Column = { id: 710 as ColumnId, name: 'place', type: types.int8 };
    plan = { kind: 'join', type: 'cross', lateral: true, left: plan, right: unnesting(made, ordinality) };
    scalars.add([...made.map(({ column }) => column), ordinality]);
    const conditions = random.chance(0.4) ? [scalars.of(types.bool, depth())] : [];
    for (const predicate of conditions) plan = { kind: 'filter', input: plan, predicate };
    unnest = { lists: made, ordinality, filter: conditions };
    lazy ||= conditions.length > 0;
  }
  const item = (expr: Scalar, i: number): ProjectItem => ({
    column: { id: (200 + i) as ColumnId, name: `o${i}`, type: expr.type },
    expr,
  });
  const near: Nearness[] = [];
  const magnitudes: Scalar[] = [];

  /** An output of rows: the one place where the C library's functions and sums of floats may stand. */
  const root = (): Scalar => {
    const type = random.pick(outputTypes);
    if (isFloat(type) && random.chance(0.5)) {
      const rough = callables
        .get(keyOf(type))!
        .filter(({ overload: { kernel } }) => elementary.has(kernel!) || summing.has(kernel!));
      const before = scalars.anyZero;
      scalars.anyZero = false;
      const called = rough.length > 0 ? scalars.call(random.pick(rough), depth()) : scalars.of(type, depth());
      const zero = scalars.anyZero;
      scalars.anyZero ||= before;
      const kernel = called.kind === 'call' ? called.overload.kernel! : '';
      if (called.kind !== 'call' || rough.length === 0) near.push('exact');
      else if (summing.has(kernel)) {
        near.push('sum');
        magnitudes.push({ ...called, args: [absolute(called.args[0]!)] });
      } else {
        near.push('elementary');
        // The angle of a zero depends on its sign.
        if (zero && kernel === 'atan2') {
          near.pop();
          return root();
        }
      }
      return called;
    }
    near.push('exact');
    return scalars.of(type, depth());
  };

  let output: FragmentOutput;
  let ordered = unnest === undefined;
  const choice = random.next();
  if (choice < 0.5) {
    const items = Array.from({ length: 1 + random.below(3) }, root).map(item);
    const limit = ordered && random.chance(0.2) ? random.below(30) : undefined;
    output = { kind: 'rows', items, ...(limit !== undefined && { limit }) };
    if (limit !== undefined) {
      lazy = true;
      plan = {
        kind: 'limit',
        input: plan,
        limit: { kind: 'literal', type: types.int8, value: BigInt(limit) },
        withTies: false,
      };
    }
    plan = { kind: 'project', input: plan, items: [...items, ...magnitudes.map((expr, i) => item(expr, 50 + i))] };
  } else if (choice < 0.65) {
    const keys = Array.from({ length: 1 + random.below(2) }, (): SortKey => {
      const type = random.pick(elements.filter((t) => comparable(t, t)));
      return { expr: scalars.of(type, depth()), descending: random.chance(0.5), nullsFirst: random.chance(0.5) };
    });
    const items = Array.from({ length: 1 + random.below(2) }, root).map(item);
    const limit = 1 + random.below(20);
    output = { kind: 'top_n', items, keys, limit };
    ordered = true;
    lazy = true;
    const ties = unnest ? [entry, unnest.ordinality!] : [entry];
    const byEntry = ties.map(
      (column): SortKey => ({ expr: scalars.ref(column), descending: false, nullsFirst: false }),
    );
    plan = { kind: 'top_n', input: plan, keys: [...keys, ...byEntry], limit, offset: 0 };
    plan = { kind: 'project', input: plan, items: [...items, ...magnitudes.map((expr, i) => item(expr, 50 + i))] };
  } else {
    const grouping = elements.filter((t) => comparable(t, t));
    const groups = Array.from({ length: random.below(3) }, () => scalars.of(random.pick(grouping), depth())).map(item);
    near.push(...groups.map((): Nearness => 'exact'));
    const calls: { column: Column; call: AggregateCall }[] = [];
    const extra: { column: Column; call: AggregateCall }[] = [];
    for (let i = 0; i < 1 + random.below(3); i++) {
      const made = randomAggregate(random, scalars, depth());
      if (!made) continue;
      const { call, magnitude } = made;
      calls.push({ column: { id: (300 + i) as ColumnId, name: `a${i}`, type: call.type }, call });
      near.push(magnitude ? 'sum' : 'exact');
      if (magnitude)
        extra.push({ column: { id: (350 + i) as ColumnId, name: `m${i}`, type: magnitude.type }, call: magnitude });
    }
    if (groups.length + calls.length === 0) return randomSpec(random, columns, entry, wild);
    // A zero of a group's key is that of its first row, an extreme's of any.
    scalars.anyZero = true;
    ordered = false;
    output = { kind: 'aggregate', groups, aggregates: calls };
    plan = { kind: 'aggregate', input: plan, groups, aggregates: [...calls, ...extra] };
  }
  const spec: FragmentSpec = { columns, filter, ...(unnest && { unnest }), output };
  const made = output.kind === 'aggregate' ? [...output.groups, ...output.aggregates] : output.items;
  lazy ||= scalars.shortCircuit;
  return { spec, plan, columns: made.map(({ column }) => column), near, ordered, lazy, anyZero: scalars.anyZero };
}

const unnestOverload = (type: SqlType): Overload => ({
  ...allFunctions().find(({ name }) => name === 'unnest')!.overloads[0]!,
  args: [type],
});

function unnesting(lists: NonNullable<FragmentSpec['unnest']>['lists'], ordinality: Column): LogicalPlan {
  const calls = lists.map(({ column, list }) => ({
    name: 'unnest',
    overload: unnestOverload(list.type),
    args: [list],
    columns: [column],
  }));
  return { kind: 'table_function', calls, ordinality };
}

/** |x|, of a list element by element. */
function absolute(arg: Scalar): Scalar {
  const type: SqlType = arg.type.kind === 'list' ? arg.type.element : arg.type;
  const of = (x: Scalar): Scalar => {
    const { overload, name } = callables.get(keyOf(type))!.find((c) => c.overload.kernel === 'abs')!;
    return { kind: 'call', name, overload, type, args: [x] };
  };
  if (arg.type.kind !== 'list') return of(arg);
  const column: Column = { id: 900 as ColumnId, name: 'm', type };
  return { kind: 'list_map', type: arg.type, params: [{ column, list: arg }], body: of(ref(column)) };
}

function randomAggregate(
  random: Random,
  scalars: RandomScalars,
  depth: number,
): { call: AggregateCall; magnitude?: AggregateCall } | undefined {
  const { name, overload, arg, type } = random.pick(aggregates);
  if (arg && (!isFragmentType(arg) || arg.kind === 'char')) return undefined;
  const args = arg ? [scalars.of(arg, depth)] : [];
  if (overload.kernel === 'hist') {
    const literal = (of: SqlType, value: number): Scalar => ({ kind: 'literal', type: of, value });
    args.push(literal(types.float8, -5), literal(types.float8, 20), literal(types.int4, 1 + random.below(20)));
  }
  const filter = random.chance(0.25) ? scalars.of(types.bool, depth) : undefined;
  const call: AggregateCall = { name, overload, args, distinct: false, orderBy: [], type, ...(filter && { filter }) };
  if (whyNotKernelAggregate(call) !== undefined) return undefined;
  if (!arg || !isFloat(arg) || !summing.has(overload.kernel!)) return { call };
  return { call, magnitude: { ...call, args: [absolute(args[0]!)] } };
}

/** What the planner would leave to DuckDB is no case. */
export function isPushed({ filter, unnest, output }: FragmentSpec): boolean {
  const items = output.kind === 'aggregate' ? output.groups : output.items;
  const keys = output.kind === 'top_n' ? output.keys.map((key) => key.expr) : [];
  const lists = unnest ? [...unnest.lists.map(({ list }) => list), ...unnest.filter] : [];
  return [...filter, ...lists, ...items.map(({ expr }) => expr), ...keys].every(isKernel);
}
