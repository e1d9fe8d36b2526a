// Random trees as the parser makes them: one generator per kind of node, so that a new kind does not compile without its own.
import type {
  Alias,
  CallExpr,
  Cte,
  Expr,
  FrameBound,
  FromItem,
  GroupItem,
  Name,
  Query,
  QueryBody,
  QueryStatement,
  SelectItem,
  SortItem,
  TypeName,
  WindowSpec,
} from '../../src/parser/index.js';
import { pick } from './mutate.js';

const span = { start: 0, end: 0 };
type ByKind<Node extends { kind: string }> = {
  readonly [K in Node['kind']]: (depth: number) => Extract<Node, { kind: K }>;
};

export class RandomTree {
  private readonly next: () => number;
  /** No subqueries, no DEFAULT. */
  private readonly native: boolean;

  constructor(next: () => number, native = false) {
    this.next = next;
    this.native = native;
  }

  private pick<T>(values: readonly T[]): T {
    return pick(this.next, values);
  }
  private chance(p = 0.5): boolean {
    return this.next() < p;
  }
  private some<T>(make: () => T, least = 1, most = 3): T[] {
    return Array.from({ length: least + Math.floor(this.next() * (most - least + 1)) }, make);
  }
  private maybe<K extends string, T>(key: K, make: () => T, p = 0.3): { [P in K]?: T } {
    return (this.chance(p) ? { [key]: make() } : {}) as { [P in K]?: T };
  }

  name(): Name {
    const quoted = this.chance(0.3);
    const text = quoted
      ? this.pick(['a', 'My b', 'c"d', 'select', 'Σ', 'x.y'])
      : this.pick(['a', 'b', 'Muon_pt', 'år', 'x1']);
    return { text, quoted, span };
  }
  private names = (): Name[] => this.some(() => this.name());
  private alias = (): Alias => ({ name: this.name(), columns: this.chance(0.3) ? this.names() : [], span });

  private typeName(): TypeName {
    const [text, modifiers] = this.pick([
      ['int', 0],
      ['text', 0],
      ['numeric', 2],
      ['double precision', 0],
      ['character varying', 1],
      ['timestamp with time zone', 1],
    ] as const);
    return {
      name: [{ text, quoted: false, span }],
      modifiers: this.some((): Expr => ({ kind: 'number', text: this.pick(['1', '3']), span }), 0, modifiers),
      dimensions: this.pick([0, 0, 1, 2]),
      span,
    };
  }

  // ---- expressions -----------------------------------------------------------------------------------------------------

  private static readonly leaves = [
    'number',
    'string',
    'boolean',
    'null',
    'bitstring',
    'typed_literal',
    'column',
    'parameter',
  ] as const;
  private static readonly withQuery = new Set([
    'in_query',
    'quantified_query',
    'exists',
    'scalar_query',
    'array_query',
    'default',
  ]);

  expr(depth: number): Expr {
    const kinds = Object.keys(this.exprs) as Expr['kind'][];
    // DEFAULT and lambdas stand in their own places only.
    const possible = kinds.filter((kind) => kind !== 'default' && !(this.native && RandomTree.withQuery.has(kind)));
    return this.exprs[depth <= 0 ? this.pick(RandomTree.leaves) : this.pick(possible)](depth - 1);
  }

  /** IN and ANY take a subquery in parentheses as theirs. */
  private noQuery(depth: number): Expr {
    const expr = this.expr(depth);
    return expr.kind === 'scalar_query' ? { kind: 'exists', query: expr.query, span } : expr;
  }

  private logical(depth: number, op: 'and' | 'or'): Expr[] {
    const args = this.some(() => this.expr(depth), 2, 4);
    // What stands first in its own chain is part of it.
    const isSame = (arg: Expr) => arg.kind === 'logical' && arg.op === op;
    return isSame(args[0]!) ? [{ kind: 'null', span }, ...args] : args;
  }

  private readonly binaryOps = [
    '+',
    '-',
    '*',
    '/',
    '%',
    '^',
    '=',
    '<',
    '>',
    '<=',
    '>=',
    '<>',
    '||',
    '->>',
    '@>',
    '~',
    '!~*',
    '&',
    '#',
  ];
  private readonly operator = () => ({
    op: this.pick(this.binaryOps),
    opSpan: span,
    ...this.maybe('opSchema', () => ({ text: 'pg_catalog', quoted: false, span }), 0.1),
  });

  private readonly exprs: ByKind<Expr> = {
    number: () => ({ kind: 'number', text: this.pick(['0', '1', '1.50', '2e9', '.5', '123456789012345678901']), span }),
    string: () => ({ kind: 'string', value: this.pick(['', 'a', "it's", 'back\\slash', 'Σ\n', '--', '$1']), span }),
    boolean: () => ({ kind: 'boolean', value: this.chance(), span }),
    null: () => ({ kind: 'null', span }),
    bitstring: () => ({ kind: 'bitstring', radix: this.pick([2, 16]), digits: this.pick(['', '101', '1']), span }),
    typed_literal: () => ({
      kind: 'typed_literal',
      type: { ...this.typeName(), dimensions: 0 },
      value: this.pick(['1', '2024-01-01']),
      span,
    }),
    column: () => ({ kind: 'column', parts: this.names(), span }),
    parameter: () => ({ kind: 'parameter', index: 1 + Math.floor(this.next() * 9), span }),
    field: (depth) => ({ kind: 'field', arg: this.expr(depth), ...this.maybe('field', () => this.name(), 0.8), span }),
    subscript: (depth) => {
      const arg = this.expr(depth);
      const apart = (arg.kind === 'subscript' || arg.kind === 'slice') && this.chance();
      return { kind: 'subscript', arg, ...(apart && { apart: true as const }), index: this.expr(depth), span };
    },
    slice: (depth) => ({
      kind: 'slice',
      arg: this.expr(depth),
      ...this.maybe('lower', () => this.expr(depth), 0.6),
      ...this.maybe('upper', () => this.expr(depth), 0.6),
      span,
    }),
    unary: (depth) => ({
      kind: 'unary',
      op: this.pick(['-', '+', '~', '@', '|/']),
      opSpan: span,
      arg: this.expr(depth),
      span,
    }),
    binary: (depth) => ({ kind: 'binary', ...this.operator(), left: this.expr(depth), right: this.expr(depth), span }),
    logical: (depth) => {
      const op = this.pick(['and', 'or'] as const);
      return { kind: 'logical', op, args: this.logical(depth, op), span };
    },
    not: (depth) => ({ kind: 'not', arg: this.expr(depth), span }),
    is: (depth) => {
      const test = this.pick(['null', 'true', 'false', 'unknown', 'normalized'] as const);
      const form = test === 'normalized' ? this.maybe('normalForm', () => this.pick(['nfc', 'nfkd']), 0.5) : {};
      return { kind: 'is', arg: this.expr(depth), test, ...form, negated: this.chance(), span };
    },
    is_distinct: (depth) => ({
      kind: 'is_distinct',
      left: this.expr(depth),
      right: this.expr(depth),
      negated: this.chance(),
      span,
    }),
    between: (depth) => ({
      kind: 'between',
      arg: this.expr(depth),
      low: this.expr(depth),
      high: this.expr(depth),
      symmetric: this.chance(),
      negated: this.chance(),
      span,
    }),
    in_list: (depth) => ({
      kind: 'in_list',
      arg: this.expr(depth),
      list: [this.noQuery(depth), ...this.some(() => this.expr(depth), 0, 2)],
      negated: this.chance(),
      span,
    }),
    in_query: (depth) => ({
      kind: 'in_query',
      arg: this.expr(depth),
      query: this.query(depth),
      negated: this.chance(),
      span,
    }),
    like: (depth) => ({
      kind: 'like',
      variant: this.pick(['like', 'ilike', 'similar']),
      arg: this.expr(depth),
      pattern: this.expr(depth),
      ...this.maybe('escape', () => this.expr(depth)),
      negated: this.chance(),
      span,
    }),
    quantified: (depth) => ({
      kind: 'quantified',
      op: this.pick(['=', '<', '<>', '||', '~~', '!~~*']),
      quantifier: this.pick(['any', 'all']),
      left: this.expr(depth),
      array: this.noQuery(depth),
      span,
    }),
    quantified_query: (depth) => ({
      kind: 'quantified_query',
      op: this.pick(['=', '<', '<>', '||', '~~', '!~~*']),
      quantifier: this.pick(['any', 'all']),
      left: this.expr(depth),
      query: this.query(depth),
      span,
    }),
    exists: (depth) => ({ kind: 'exists', query: this.query(depth), span }),
    scalar_query: (depth) => ({ kind: 'scalar_query', query: this.query(depth), span }),
    array_query: (depth) => ({ kind: 'array_query', query: this.query(depth), span }),
    case: (depth) => ({
      kind: 'case',
      ...this.maybe('operand', () => this.expr(depth)),
      branches: this.some(() => ({ when: this.expr(depth), then: this.expr(depth) })),
      ...this.maybe('otherwise', () => this.expr(depth)),
      span,
    }),
    cast: (depth) => ({ kind: 'cast', arg: this.expr(depth), type: this.typeName(), attempt: this.chance(), span }),
    call: (depth) => this.call(depth),
    row: (depth) => {
      const explicit = this.chance();
      return { kind: 'row', fields: this.some(() => this.expr(depth), explicit ? 0 : 2, 3), explicit, span };
    },
    array: (depth) => ({
      kind: 'array',
      ...(this.chance() && { bare: true as const }),
      elements: this.some(() => this.expr(depth), 0),
      span,
    }),
    struct: (depth) => ({
      kind: 'struct',
      fields: this.some(() => ({ name: this.name(), value: this.expr(depth) }), 0),
      span,
    }),
    lambda: (depth) => ({ kind: 'lambda', params: this.names(), body: this.expr(depth), span }),
    collate: (depth) => ({ kind: 'collate', arg: this.expr(depth), collation: this.names(), span }),
    default: () => ({ kind: 'default', span }),
  };

  call(depth: number): CallExpr {
    const star = this.chance(0.1);
    const args = star
      ? []
      : this.some(
          () => ({
            value: this.expr(depth),
            ...this.maybe('name', (): Name => ({ text: 'arg', quoted: false, span }), 0.1),
            variadic: false,
            span,
          }),
          0,
        );
    const sorted = args.length > 0 && this.chance(0.2);
    const distinct = args.length > 0 && this.chance(0.2);
    return {
      kind: 'call',
      name: this.some(
        (): Name => ({ text: this.pick(['f', 'list_sum', 'count']), quoted: this.chance(0.2), span }),
        1,
        2,
      ),
      args,
      star,
      distinct,
      orderBy: sorted ? this.some(() => this.sortItem(depth)) : [],
      ...(!sorted && !distinct && this.maybe('withinGroup', () => this.some(() => this.sortItem(depth)), 0.1)),
      ...this.maybe('filter', () => this.expr(depth), 0.1),
      ...this.maybe('ignoreNulls', () => this.chance(), 0.1),
      ...this.maybe('over', (): WindowSpec | Name => (this.chance() ? this.name() : this.window(depth)), 0.2),
      span,
    };
  }

  private sortItem(depth: number): SortItem {
    return {
      expr: this.expr(depth),
      direction: this.pick(['asc', 'desc']),
      ...this.maybe('nulls', () => this.pick(['first', 'last'] as const)),
      span,
    };
  }

  private window(depth: number): WindowSpec {
    return {
      ...this.maybe('base', () => this.name()),
      partitionBy: this.chance() ? this.some(() => this.expr(depth)) : [],
      orderBy: this.chance() ? this.some(() => this.sortItem(depth)) : [],
      ...this.maybe('frame', () => ({
        mode: this.pick(['rows', 'range', 'groups'] as const),
        start: this.bounds[this.pick(['unbounded preceding', 'preceding', 'current row'] as const)](depth),
        ...this.maybe('end', () =>
          this.bounds[this.pick(['current row', 'following', 'unbounded following'] as const)](depth),
        ),
        ...this.maybe('exclude', () => this.pick(['current row', 'group', 'ties', 'no others'] as const)),
        span,
      })),
      span,
    };
  }

  private readonly bounds: { readonly [K in FrameBound['kind']]: (depth: number) => FrameBound } = {
    'unbounded preceding': () => ({ kind: 'unbounded preceding', span }),
    preceding: (depth) => ({ kind: 'preceding', offset: this.expr(depth), span }),
    'current row': () => ({ kind: 'current row', span }),
    following: (depth) => ({ kind: 'following', offset: this.expr(depth), span }),
    'unbounded following': () => ({ kind: 'unbounded following', span }),
  };

  // ---- queries ---------------------------------------------------------------------------------------------------------

  query(depth: number): Query {
    const sorted = this.chance(0.3);
    const limited = this.chance(0.2);
    const body = this.body(depth);
    // A query that is nothing but another in parentheses is that other.
    if (body.kind === 'query') return body;
    return {
      kind: 'query',
      ...this.maybe(
        'with',
        () => ({ recursive: this.chance(), ctes: this.some(() => this.cte(depth), 1, 2), span }),
        0.15,
      ),
      body,
      orderBy: sorted ? this.some(() => this.sortItem(depth)) : [],
      ...(limited && { limit: this.expr(depth) }),
      withTies: limited && sorted && this.chance(),
      ...this.maybe('offset', () => this.expr(depth), 0.15),
      locking: this.chance(0.05)
        ? [{ strength: this.pick(['update', 'no key update', 'share', 'key share'] as const), of: [], span }]
        : [],
      span,
    };
  }

  private cte(depth: number): Cte {
    return {
      name: this.name(),
      columns: this.chance(0.3) ? this.names() : [],
      ...this.maybe('materialized', () => this.chance()),
      query: this.query(depth),
      ...this.maybe(
        'search',
        () => ({ order: this.pick(['depth', 'breadth'] as const), by: this.names(), name: this.name(), span }),
        0.1,
      ),
      ...this.maybe('cycle', () => ({ columns: this.names(), mark: this.name(), path: this.name(), span }), 0.1),
      span,
    };
  }

  private body(depth: number): QueryBody {
    const kinds = ['select', 'values', 'set', 'query'] as const;
    return this.bodies[depth <= 0 ? 'select' : this.chance(0.6) ? 'select' : this.pick(kinds)](depth - 1);
  }

  private readonly bodies: ByKind<QueryBody> = {
    select: (depth) => ({
      kind: 'select',
      distinct: this.pick<boolean | Expr[]>([false, false, true, [this.expr(depth)]]),
      items: this.some(() => this.item(depth)),
      from: this.chance(0.7) ? this.some(() => this.fromItem(depth), 1, 2) : [],
      ...this.maybe('where', () => this.expr(depth)),
      groupBy: this.chance(0.2) ? this.some(() => this.groupItem(depth)) : [],
      groupDistinct: false,
      ...this.maybe('having', () => this.expr(depth), 0.1),
      windows: this.chance(0.1) ? this.some(() => ({ name: this.name(), spec: this.window(depth) })) : [],
      span,
    }),
    values: (depth) => ({
      kind: 'values',
      rows: this.some(() => this.some(() => (this.chance(0.1) ? { kind: 'default', span } : this.expr(depth)))),
      span,
    }),
    set: (depth) => {
      const op = this.pick(['union', 'intersect', 'except'] as const);
      const inputs = this.some(() => this.body(depth), 2, op === 'except' ? 2 : 3);
      return { kind: 'set', op, all: this.chance(), inputs, span };
    },
    // As an input of its own it has a clause of its own.
    query: (depth) => ({ ...this.query(depth), limit: this.expr(depth), withTies: false }),
  };

  private item(depth: number): SelectItem {
    return this.items[this.chance(0.8) ? 'expr' : 'star'](depth);
  }

  private readonly items: ByKind<SelectItem> = {
    expr: (depth) => {
      const expr = this.expr(depth);
      return { kind: 'expr', expr, ...this.maybe('alias', () => this.name()), span };
    },
    star: () => ({ kind: 'star', qualifier: this.chance() ? [] : this.names(), span }),
    wildcard: () => ({
      kind: 'wildcard',
      qualifier: [],
      pattern: { text: this.pick(['Muon_*', '*_pt', 'a*b']), quoted: true, span },
      span,
    }),
  };

  private groupItem(depth: number): GroupItem {
    return this.groups[depth <= 0 ? 'expr' : this.pick(Object.keys(this.groups) as GroupItem['kind'][])](depth - 1);
  }

  private readonly sets = (depth: number): Expr[][] => this.some(() => this.some(() => this.expr(depth), 2));
  private readonly groups: { readonly [K in GroupItem['kind']]: (depth: number) => GroupItem } = {
    expr: (depth) => ({ kind: 'expr', expr: this.expr(depth), span }),
    empty: () => ({ kind: 'empty', span }),
    rollup: (depth) => ({ kind: 'rollup', sets: this.sets(depth), span }),
    cube: (depth) => ({ kind: 'cube', sets: this.sets(depth), span }),
    grouping_sets: (depth) => ({ kind: 'grouping_sets', items: this.some(() => this.groupItem(depth)), span }),
  };

  private fromItem(depth: number): FromItem {
    return this.froms[depth <= 0 ? 'table' : this.pick(Object.keys(this.froms) as FromItem['kind'][])](depth - 1);
  }

  private readonly froms: ByKind<FromItem> = {
    table: (depth) => ({
      kind: 'table',
      name: this.names(),
      ...this.maybe('alias', this.alias),
      only: this.chance(0.1),
      ...this.maybe(
        'sample',
        () => ({ method: [{ text: 'system', quoted: false, span }], args: [this.expr(depth)] }),
        0.1,
      ),
      span,
    }),
    query_ref: (depth) => ({
      kind: 'query_ref',
      query: this.query(depth),
      lateral: this.chance(0.2),
      ...this.maybe('alias', this.alias, 0.8),
      span,
    }),
    function_ref: (depth) => {
      const rowsFrom = this.chance(0.2);
      const call = (): CallExpr => {
        const { name, args } = this.call(depth);
        return { kind: 'call', name, args, star: false, distinct: false, orderBy: [], span };
      };
      return {
        kind: 'function_ref',
        calls: rowsFrom ? this.some(call) : [call()],
        rowsFrom,
        ordinality: this.chance(0.2),
        lateral: this.chance(0.2),
        ...this.maybe('alias', this.alias),
        columnDefs: [],
        span,
      };
    },
    join: (depth) => {
      const cross = this.chance(0.2);
      const natural = !cross && this.chance(0.2);
      const using = this.chance(0.3);
      const condition = using
        ? { using: this.names(), ...this.maybe('usingAlias', () => this.name()) }
        : { on: this.expr(depth) };
      return {
        kind: 'join',
        type: cross ? 'cross' : this.pick(['inner', 'left', 'right', 'full'] as const),
        natural,
        left: this.fromItem(depth),
        right: this.fromItem(depth),
        ...(!cross && !natural && condition),
        ...this.maybe('alias', this.alias, 0.1),
        span,
      };
    },
  };

  // ---- the native language -----------------------------------------------------------------------------------------------

  /** As {@link parseNative} makes them. */
  nativeQuery(depth: number): QueryStatement {
    const tree = this.pick(['Events;75', 'dir/My Tree;3', 'Events']);
    const column = (): SelectItem => ({
      kind: 'expr',
      expr: { kind: 'column', parts: this.names(), span },
      ...this.maybe('alias', () => ({ ...this.name(), quoted: true })),
      span,
    });
    const items = this.some(() => {
      const kind = this.pick(['expr', 'star', 'wildcard'] as const);
      if (kind === 'star') return { kind, qualifier: [], span };
      return kind === 'expr' ? column() : this.items.wildcard(depth);
    });
    const where = this.chance() ? this.expr(depth) : undefined;
    return {
      kind: 'query_statement',
      language: 'native',
      query: {
        kind: 'query',
        body: {
          kind: 'select',
          distinct: false,
          items,
          from: [{ kind: 'table', name: [{ text: tree, quoted: true, span }], only: false, span }],
          ...(where && { where }),
          groupBy: [],
          groupDistinct: false,
          windows: [],
          span,
        },
        orderBy: [],
        withTies: false,
        locking: [],
        span,
      },
      span,
    };
  }
}
