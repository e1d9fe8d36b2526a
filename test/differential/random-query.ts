// Random queries over the sample tables: joins, grouping, windows, set operations and subqueries, one in the other. Every function in them is
// exact, so that rows are the same or the answer is wrong; some are the evaluator's, so that its parts stand everywhere.
import type { Random } from './random-expression.js';

type Kind = 'int' | 'text' | 'bool' | 'float';
interface Column {
  readonly sql: string;
  readonly kind: Kind;
}
interface Source {
  readonly sql: string;
  readonly columns: readonly Column[];
}

const tables: Readonly<Record<string, readonly (readonly [string, Kind])[]>> = {
  ev: [
    ['id', 'int'],
    ['run', 'int'],
    ['small', 'int'],
    ['era', 'text'],
    ['trigger', 'bool'],
    ['met', 'float'],
    ['weight', 'float'],
  ],
  runs: [
    ['run', 'int'],
    ['name', 'text'],
    ['lumi', 'float'],
  ],
};
const kinds: readonly Kind[] = ['int', 'int', 'int', 'text', 'bool', 'float'];

export class QueryGenerator {
  #names = 0;

  constructor(readonly random: Random) {}

  query(): string {
    this.#names = 0;
    return this.#query(2, []).sql;
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** Its columns are called c0, c1, … and have the kinds asked for, where they are asked for. */
  #query(depth: number, outer: readonly Column[], wanted?: readonly Kind[]): Source {
    const { random } = this;
    const asked = wanted ?? Array.from({ length: 1 + random.below(3) }, () => random.pick(kinds));
    if (depth > 0 && random.chance(0.12)) {
      const op = random.pick(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL']);
      const [a, b] = [this.#query(depth - 1, outer, asked), this.#query(depth - 1, outer, asked)];
      return { sql: `(${a.sql}) ${op} (${b.sql})`, columns: a.columns };
    }
    const ctes: string[] = [];
    const from = this.#from(depth, outer, ctes);
    const scope = from.columns;
    const visible = [...scope, ...outer];
    const where = random.chance(0.6) ? ` WHERE ${this.#predicate(visible, depth)}` : '';
    const body = random.chance(0.35)
      ? this.#grouped(asked, scope, outer, from.sql + where, depth)
      : this.#plain(asked, visible, scope, from.sql + where, depth);
    const columns = asked.map((kind, i) => ({ sql: `c${i}`, kind }));
    // All columns sorted by, so that a limit takes the same rows.
    const limit = random.chance(0.2)
      ? ` ORDER BY ${columns.map((_, i) => `${i + 1}${random.pick(['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}`).join(', ')} LIMIT ${1 + random.below(6)}${random.chance(0.4) ? ` OFFSET ${random.below(3)}` : ''}`
      : '';
    const list = ctes.length > 0 ? `WITH ${ctes.join(', ')} ` : '';
    return { sql: `${list}${body}${limit}`, columns };
  }

  #plain(
    asked: readonly Kind[],
    visible: readonly Column[],
    own: readonly Column[],
    from: string,
    depth: number,
  ): string {
    const { random } = this;
    const items = asked.map((kind, i) => {
      const expr = kind === 'int' && random.chance(0.2) ? this.#window(own) : this.#expr(kind, visible, depth);
      return `${expr} AS c${i}`;
    });
    const distinct = random.chance(0.15) ? 'DISTINCT ' : '';
    return `SELECT ${distinct}${items.join(', ')} FROM ${from}`;
  }

  #grouped(
    asked: readonly Kind[],
    scope: readonly Column[],
    outer: readonly Column[],
    from: string,
    depth: number,
  ): string {
    const { random } = this;
    const keys = Array.from({ length: random.below(3) }, () => {
      const kind = random.pick(kinds);
      return { sql: this.#expr(kind, scope, 0), kind };
    }).filter((k) => /[a-z]\d*\./.test(k.sql));
    const usable = keys.filter((k, i) => keys.findIndex((o) => o.sql === k.sql) === i);
    const items = asked.map((kind, i) => {
      const key = usable.find((k) => k.kind === kind);
      const expr = key && random.chance(0.6) ? key.sql : this.#aggregate(kind, scope);
      return `${expr} AS c${i}`;
    });
    const names = usable.map((k) => k.sql);
    const sets = random.pick(['', '', 'ROLLUP ', 'CUBE ']);
    const by = names.length === 0 ? '' : ` GROUP BY ${sets}${sets ? `(${names.join(', ')})` : names.join(', ')}`;
    const having = random.chance(0.3)
      ? ` HAVING ${random.pick([`count(*) > ${random.below(4)}`, `${this.#aggregate('int', scope)} < ${random.below(60)}`, depth > 0 ? `count(*) >= (${this.#scalar('int', outer, depth - 1)})` : 'true'])}`
      : '';
    return `SELECT ${items.join(', ')} FROM ${from}${by}${having}`;
  }

  #aggregate(kind: Kind, scope: readonly Column[]): string {
    const { random } = this;
    const of = (k: Kind): string => this.#expr(k, scope, 0);
    const filter = random.chance(0.2) ? ` FILTER (WHERE ${this.#comparison(scope)})` : '';
    const call = {
      int: () =>
        random.pick([
          'count(*)',
          `count(${of(random.pick(kinds))})`,
          `count(DISTINCT ${of('int')})`,
          `max(${of('int')})`,
          `min(${of('int')})`,
          `sum(DISTINCT ${of('int')})::int`,
        ]),
      text: () => random.pick([`max(${of('text')})`, `min(${of('text')})`]),
      bool: () => random.pick([`bool_and(${of('bool')})`, `bool_or(${of('bool')})`]),
      float: () => random.pick([`max(${of('float')})`, `min(${of('float')})`]),
    }[kind]();
    return call.endsWith('::int') ? `(${call.slice(0, -5)}${filter})::int` : `${call}${filter}`;
  }

  #window(scope: readonly Column[]): string {
    const { random } = this;
    const keys = scope.map((c) => c.sql);
    const key = random.pick(keys);
    const partition = random.chance(0.5) ? `PARTITION BY ${random.pick(keys)} ` : '';
    const order = `ORDER BY ${key}${random.pick(['', ' DESC', ' NULLS FIRST'])}`;
    const ints = scope.filter((c) => c.kind === 'int').map((c) => c.sql);
    const int = ints.length > 0 ? random.pick(ints) : '1';
    const frame = random.pick([
      '',
      ' RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
      ' GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
      ' RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES',
    ]);
    return random.pick([
      `(rank() OVER (${partition}${order}))`,
      `(dense_rank() OVER (${partition}${order}))`,
      `(count(*) OVER (${partition}${order}${frame}))`,
      `((sum(${int}) OVER (${partition}${order}${frame}))::int)`,
      `(max(${int}) OVER (${partition}))`,
    ]);
  }

  #from(depth: number, outer: readonly Column[], ctes: string[]): Source {
    const { random } = this;
    let left = this.#item(depth, outer, ctes, false);
    for (let joins = random.pick([0, 0, 1, 1, 2]); joins > 0; joins--) {
      const type = random.pick([
        'JOIN',
        'LEFT JOIN',
        'RIGHT JOIN',
        'FULL JOIN',
        'CROSS JOIN',
        'JOIN LATERAL',
        'LEFT JOIN LATERAL',
      ]);
      const lateral = type.endsWith('LATERAL');
      const right = lateral
        ? this.#item(depth, [...left.columns, ...outer], ctes, true)
        : this.#item(depth, outer, ctes, false);
      const columns = [...left.columns, ...right.columns];
      const on =
        type === 'CROSS JOIN' ? '' : ` ON ${this.#condition(left.columns, right.columns, type === 'FULL JOIN')}`;
      left = { sql: `${left.sql} ${type} ${right.sql}${on}`, columns };
    }
    return left;
  }

  #condition(left: readonly Column[], right: readonly Column[], plain: boolean): string {
    const { random } = this;
    const ints = (columns: readonly Column[]) => columns.filter((c) => c.kind === 'int').map((c) => c.sql);
    const [l, r] = [ints(left), ints(right)];
    const equal = l.length > 0 && r.length > 0 ? `${random.pick(l)} = ${random.pick(r)}` : 'true';
    if (plain || random.chance(0.5)) return equal;
    return `${equal} AND ${this.#comparison([...left, ...right])}`;
  }

  #item(depth: number, outer: readonly Column[], ctes: string[], lateral: boolean): Source {
    const { random } = this;
    if (lateral || (depth > 0 && random.chance(0.3))) {
      const { sql, columns } = this.#query(Math.max(0, depth - 1), lateral ? outer : []);
      const alias = this.#name('q');
      const named = columns.map((c) => ({ ...c, sql: `${alias}.${c.sql}` }));
      if (!lateral && random.chance(0.3)) {
        const cte = this.#name('w');
        ctes.push(`${cte} AS ${random.pick(['', 'MATERIALIZED ', 'NOT MATERIALIZED '])}(${sql})`);
        return { sql: `${cte} AS ${alias}`, columns: named };
      }
      return { sql: `(${sql}) AS ${alias}`, columns: named };
    }
    const table = random.pick(['ev', 'ev', 'runs']);
    const alias = this.#name('t');
    const columns = tables[table]!.map(([name, kind]) => ({ sql: `${alias}.${name}`, kind }));
    return { sql: `${table} ${alias}`, columns };
  }

  #predicate(scope: readonly Column[], depth: number): string {
    const { random } = this;
    const one = (): string => {
      if (depth > 0 && random.chance(0.3)) return this.#subqueryTest(scope, depth - 1);
      return this.#comparison(scope);
    };
    const terms = Array.from({ length: 1 + random.below(3) }, one);
    return terms.join(random.pick([' AND ', ' AND ', ' OR ']));
  }

  #subqueryTest(scope: readonly Column[], depth: number): string {
    const { random } = this;
    const not = random.pick(['', 'NOT ']);
    const kind = random.pick(kinds);
    return random.pick<() => string>([
      () => `${not}EXISTS (${this.#query(depth, scope).sql})`,
      () => `${this.#expr(kind, scope, 0)} ${not}IN (${this.#query(depth, scope, [kind]).sql})`,
      () =>
        `(${this.#expr('int', scope, 0)}, ${this.#expr(kind, scope, 0)}) ${not}IN (${this.#query(depth, scope, ['int', kind]).sql})`,
      () =>
        `${this.#expr('int', scope, 0)} ${random.pick(['<', '>=', '<>', '='])} ${random.pick(['ANY', 'ALL'])} (${this.#query(depth, scope, ['int']).sql})`,
      () => `${this.#expr('int', scope, 0)} >= (${this.#scalar('int', scope, depth)})`,
    ])();
  }

  /** One row at most. */
  #scalar(kind: Kind, scope: readonly Column[], depth: number): string {
    const { sql } = this.#query(depth, scope, [kind]);
    const [aggregate, alias] = [kind === 'bool' ? 'bool_or' : 'max', this.#name('s')];
    return `SELECT ${aggregate}(${alias}.c0) FROM (${sql}) ${alias}`;
  }

  #comparison(scope: readonly Column[]): string {
    const { random } = this;
    const kind = random.pick(kinds);
    const of = (): string => this.#expr(kind, scope, 0);
    return random.pick<() => string>([
      () => `${of()} ${random.pick(['=', '<>', '<', '<=', '>', '>='])} ${of()}`,
      () => `${of()} IS ${random.pick(['', 'NOT '])}NULL`,
      () => `${of()} IS NOT DISTINCT FROM ${of()}`,
      () => `(${this.#expr('bool', scope, 0)})`,
      () => `${this.#expr('int', scope, 0)} IN (${random.below(5)}, 101, NULL)`,
      () => `${this.#expr('int', scope, 0)} BETWEEN ${random.below(4)} AND ${random.pick([5, 102])}`,
    ])();
  }

  #expr(kind: Kind, scope: readonly Column[], depth: number): string {
    const { random } = this;
    const columns = scope.filter((c) => c.kind === kind);
    const leaf = (): string => (columns.length > 0 ? random.pick(columns).sql : this.#constant(kind));
    if (random.chance(0.45)) return leaf();
    if (depth > 0 && random.chance(0.15)) return `(${this.#scalar(kind, scope, depth - 1)})`;
    const texts = scope.filter((c) => c.kind === 'text');
    const ints = scope.filter((c) => c.kind === 'int');
    const text = texts.length > 0 ? random.pick(texts).sql : "'B'";
    const int = ints.length > 0 ? random.pick(ints).sql : '7';
    const choice = `CASE WHEN ${this.#comparison(scope.length > 0 ? scope : [{ sql: '1', kind: 'int' }])} THEN ${leaf()} ELSE ${leaf()} END`;
    const forms: Readonly<Record<Kind, readonly string[]>> = {
      int: [
        `(${int} + ${random.below(9)})`,
        `(${int} % 3)`,
        `coalesce(${int}, -1)`,
        `length(${text})`,
        choice,
        `abs(${int} - 100)`,
      ],
      text: [
        `upper(${text})`,
        `(${text} || 'x')`,
        `to_hex(${int})`,
        `initcap(${text})`,
        `coalesce(${text}, 'none')`,
        choice,
      ],
      bool: [`(${int} > 2)`, `(${text} LIKE '%e%')`, `(${int} IS NULL)`, `(NOT ${leaf()})`, choice],
      float: [`(${int} / 4.0::float8)`, choice, `(${leaf()})`],
    };
    return random.pick(forms[kind]);
  }

  #constant(kind: Kind): string {
    const { random } = this;
    return {
      int: String(random.below(110)),
      text: random.pick(["'A'", "'first'"]),
      bool: random.pick(['true', 'false']),
      float: '1.5::float8',
    }[kind];
  }
}
