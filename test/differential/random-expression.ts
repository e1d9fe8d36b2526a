// Typed random expressions as SQL text: every function and operator that both the registry and PostgreSQL have, casts, CASE, IN, arrays;
// leaves are columns of a small table and literals at the edges of their types.
import {
  allFunctions,
  castKind,
  type FunctionEntry,
  type Overload,
  printSqlType,
  type SqlType,
  sameType,
  types,
} from '../../src/core/index.js';

/** Chance with a seed, so that a failure can be repeated. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }
  next(): number {
    let s = this.#state;
    s ^= s << 13;
    s ^= s >>> 17;
    s ^= s << 5;
    this.#state = s >>> 0;
    return this.#state / 4294967296;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** Around a literal that has a type, so that {@link unfolded} finds it. */
const mark = '\u0001';

/** The statement as it is asked. */
export const plain = (sql: string): string => sql.replaceAll(mark, '');

/** The same with every typed literal as a subquery, which PostgreSQL's planner does not compute with: what is not reached stays unasked. */
export const unfolded = (sql: string): string =>
  sql
    .split(mark)
    .map((part, i) => (i % 2 === 0 ? part : `(SELECT ${part})`))
    .join('');

/** Literals of each type, without the type's name: what stands in quotes. */
const texts: Readonly<Record<string, readonly string[]>> = {
  bool: ['true', 'false'],
  int2: ['0', '1', '-1', '7', '300', '32767', '-32768'],
  int4: ['0', '1', '-1', '2', '3', '10', '-7', '40000', '2147483647', '-2147483648'],
  int8: ['0', '1', '-1', '5', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  float4: ['0', '-0', '1', '-1.5', '2.5', '0.1', '3e10', '1e-30', 'NaN', 'Infinity', '-Infinity', '16777217'],
  float8: [
    '0',
    '-0',
    '1',
    '-1.5',
    '2.5',
    '0.1',
    '1e15',
    '1e300',
    '1e-300',
    'NaN',
    'Infinity',
    '-Infinity',
    '0.30000000000000004',
  ],
  numeric: ['0', '1', '-1', '2.5', '-0.5', '3.14159', '1000000.001', '123456789012345678', '0.00001', '99.95', '1.50'],
  text: [
    '',
    'a',
    'abc',
    ' A b ',
    'ä日本',
    '%',
    '_a',
    'b.c',
    '42',
    '-7.5',
    'true',
    'Hello World',
    'x,y,z',
    '2024-02-29',
    'NULL',
    "it''s",
  ],
  bytea: ['\\x', '\\x00ff', '\\x616263'],
  date: ['2024-02-29', '1999-12-31', '0001-01-01', '2024-03-01', '1970-01-01'],
  time: ['00:00', '23:59:59.999999', '12:34:56.5', '24:00'],
  timestamp: ['2024-02-29 12:34:56.789', '1999-12-31 23:59:59', '1970-01-01', '2024-01-31 00:00'],
  timestamptz: ['2024-02-29 12:34:56.789+00', '1999-12-31 23:59:59+05:30', '1970-01-01 00:00+00'],
  interval: ['1 day', '1 mon', '-1 year 2 days', '12:34:56.7', '0', '1 mon -1 day 02:00', '1000 hours'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  jsonb: ['{}', '[]', '[1,2,"a"]', '{"a": 1, "b": [true, null]}', '"x"', '3.5', 'null'],
};

export const scalarTypes: readonly SqlType[] = [
  ...[types.bool, types.int2, types.int4, types.int8, types.float4, types.float8, types.numeric, types.text],
  ...[types.bytea, types.date, types.time, types.timestamp, types.timestamptz, types.interval, types.uuid, types.jsonb],
];
const listTypes: readonly SqlType[] = [types.int4, types.text, types.float8, types.int8].map((element) => ({
  kind: 'list',
  element,
}));
const allTypes = [...scalarTypes, ...listTypes];
const keyOf = (type: SqlType): string => (type.kind === 'list' ? `${type.element.kind}[]` : type.kind);

/** Columns of the table that expressions read. */
export interface SampleColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** Named in docs/dialect.md, or no function of values alone. */
const leftOut = new Set([
  ...['random', 'gen_random_uuid', 'sample_point', 'version', 'pg_typeof', 'setseed', 'pg_sleep'],
  ...['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp', 'timeofday', 'age'],
]);

/** Arguments that are small languages: sentences of them. */
const patterns = ["'a'", "'[a-c]+'", "'^a|b$'", "'(a)(b)?'", "'\\d+'", "'.'", "'x*'", "'(?i)AB'", "'\\mb'", "''"];
const units = [
  "'year'",
  "'month'",
  "'day'",
  "'hour'",
  "'minute'",
  "'second'",
  "'epoch'",
  "'dow'",
  "'week'",
  "'quarter'",
];
const zones = ["'UTC'", "'Europe/Berlin'", "'America/New_York'", "'+03'"];
const numberForms = ["'999.99'", "'FM9990.00'", "'S9,999'", "'0000'", "'9.99EEEE'", "'RN'"];
const dateForms = [
  "'YYYY-MM-DD HH24:MI:SS.US'",
  "'Dy, DD Mon YYYY'",
  "'FMMonth FMDD'",
  "'IYYY-IW-ID'",
  "'J'",
  "'HH12:MI AM'",
];
const flags = ["'g'", "'i'", "''", "'n'"];
const paths = ["'{a}'", "'{b,0}'", "'{1}'", "'{}'"];
const sentences: Readonly<Record<string, Readonly<Record<number, readonly string[]>>>> = {
  to_number: { 1: numberForms.slice(0, 4) },
  to_timestamp: { 1: ["'YYYY-MM-DD'"] },
  convert: { 1: ["'UTF8'"], 2: ["'LATIN1'"] },
  length: { 1: ["'UTF8'"] },
  to_date: { 0: ["'2024-02-29'", "'29 Feb 2024'"], 1: ["'YYYY-MM-DD'", "'DD Mon YYYY'"] },
  date_part: { 0: units },
  date_trunc: { 0: ["'year'", "'month'", "'day'", "'hour'", "'week'", "'quarter'", "'century'"], 2: zones },
  extract: { 0: units },
  timezone: { 0: zones },
  encode: { 1: ["'hex'", "'base64'", "'escape'"] },
  decode: { 0: ["'00ff'", "'YWJj'"], 1: ["'hex'", "'base64'", "'escape'"] },
  convert_from: { 1: ["'UTF8'", "'LATIN1'"] },
  convert_to: { 1: ["'UTF8'", "'LATIN1'"] },
  regexp_match: { 1: patterns, 2: ["'i'", "''", "'n'"] },
  regexp_replace: { 1: patterns, 2: ["'X'", "'<\\&>'", "'\\1'"], 3: flags },
  regexp_split_to_array: { 1: patterns, 2: ["'i'", "''"] },
  regexp_like: { 1: patterns, 2: ["'i'", "''"] },
  regexp_count: { 1: patterns },
  regexp_instr: { 1: patterns },
  regexp_substr: { 1: patterns },
  '~': { 1: patterns },
  '!~': { 1: patterns },
  '~*': { 1: patterns },
  '!~*': { 1: patterns },
  format: { 0: ["'%s-%s'", "'%I'", "'%L|%s'", "'%%'"] },
  normalize: { 1: ['NFC', 'NFKD'] },
  similar_to: { 1: ["'(a|b)%'"] },
  jsonb_set: { 1: paths },
  jsonb_set_lax: { 1: paths },
  jsonb_insert: { 1: paths },
  make_interval: {},
};

interface Candidate {
  readonly entry: FunctionEntry;
  readonly overload: Overload;
}

export class ExpressionGenerator {
  readonly #candidates: readonly Candidate[];

  /** @param known names of PostgreSQL's functions and operators */
  constructor(
    readonly random: Random,
    readonly columns: readonly SampleColumn[],
    known: { readonly functions: ReadonlySet<string>; readonly operators: ReadonlySet<string> },
    /** `name(type, type)` of all PostgreSQL has. */
    signatures: ReadonlySet<string>,
  ) {
    this.#candidates = allFunctions()
      .filter(({ kind, name }) =>
        kind === 'operator' ? known.operators.has(name) : kind === 'scalar' && known.functions.has(name),
      )
      .filter(
        ({ name, lambdas }) =>
          !leftOut.has(name) && !lambdas && !/^(pg_|has_|current_|format_type|obj_|col_|shobj_|getdatabase)/.test(name),
      )
      .flatMap((entry) => entry.overloads.map((overload) => ({ entry, overload })))
      .filter(({ entry, overload: o }) => {
        if (o.variadic || o.args.some((a) => typeof a === 'string')) return true;
        return signatures.has(`${entry.name}(${o.args.map((a) => printSqlType(a as SqlType)).join(', ')})`);
      })
      .filter(({ overload: o }) => o.volatility === 'immutable' && o.args.every((a) => this.#instances(a).length > 0));
  }

  get size(): number {
    return this.#candidates.length;
  }

  any(depth: number): string {
    return this.of(this.random.pick(allTypes), depth);
  }

  of(type: SqlType, depth: number): string {
    const { random } = this;
    if (depth <= 0 || random.chance(0.1)) return this.leaf(type);
    const sub = (t: SqlType): string => this.of(t, depth - 1);
    const bool = (): string => sub(types.bool);
    const choice = random.next();
    if (choice < 0.07) return `CASE WHEN ${bool()} THEN ${sub(type)} ELSE ${sub(type)} END`;
    if (choice < 0.1) return `CASE ${sub(types.int4)} WHEN ${this.leaf(types.int4)} THEN ${sub(type)} END`;
    if (choice < 0.14) return `COALESCE(${sub(type)}, ${sub(type)})`;
    if (choice < 0.16) return `NULLIF(${sub(type)}, ${sub(type)})`;
    if (choice < 0.19 && ordered(type)) return `${random.pick(['GREATEST', 'LEAST'])}(${sub(type)}, ${sub(type)})`;
    if (choice < 0.29) {
      const from = random.pick(allTypes);
      if (castKind(from, type)) return `CAST(${sub(from)} AS ${printSqlType(type)})`;
    }
    if (type.kind === 'list' && choice < 0.5) {
      const elements = Array.from({ length: random.below(4) }, () => sub(type.element));
      return elements.length === 0 ? `'{}'::${printSqlType(type)}` : `ARRAY[${elements.join(', ')}]`;
    }
    if (type.kind === 'bool' && choice < 0.6) return this.predicate(depth - 1);
    const calls = this.#candidates.filter(({ overload }) => this.#gives(overload, type));
    if (calls.length === 0) return this.leaf(type);
    return this.call(random.pick(calls), type, depth - 1);
  }

  predicate(depth: number): string {
    const { random } = this;
    const type = random.pick(scalarTypes.filter(ordered));
    const sub = (t = type): string => this.of(t, depth);
    const not = random.chance(0.3) ? ' NOT' : '';
    return random.pick<() => string>([
      () => `(${sub(types.bool)} AND ${sub(types.bool)})`,
      () => `(${sub(types.bool)} OR ${sub(types.bool)})`,
      () => `(NOT ${sub(types.bool)})`,
      () => `(${sub()} IS${not} NULL)`,
      () => `(${sub(types.bool)} IS${not} ${random.pick(['TRUE', 'FALSE', 'UNKNOWN'])})`,
      () => `(${sub()} IS${not} DISTINCT FROM ${sub()})`,
      () => `(${sub()}${not} IN (${sub()}, ${sub()}, ${random.chance(0.2) ? 'NULL' : sub()}))`,
      () => `(${sub()}${not} BETWEEN ${sub()} AND ${sub()})`,
      () => `(${sub(types.text)}${not} LIKE ${this.leaf(types.text)})`,
      () =>
        `(${sub(types.int4)} ${random.pick(['=', '<', '<>', '>='])} ${random.pick(['ANY', 'ALL'])} (${sub(listTypes[0]!)}))`,
      () => `(${sub()} ${random.pick(['=', '<>', '<', '<=', '>', '>='])} ${sub()})`,
      // Of different types, for the rules by which an operator is chosen.
      () =>
        `(${this.of(random.pick(scalarTypes), depth)} ${random.pick(['=', '<', '>='])} ${this.of(random.pick(scalarTypes), depth)})`,
    ])();
  }

  leaf(type: SqlType): string {
    const { random } = this;
    const marked = (text: string): string => `${mark}${text}${mark}`;
    if (random.chance(0.07)) return marked(`NULL::${printSqlType(type)}`);
    const columns = this.columns.filter((c) => sameType(c.type, type));
    if (columns.length > 0 && random.chance(0.5)) return random.pick(columns).name;
    if (type.kind === 'list') {
      const elements = Array.from({ length: random.below(4) }, () => this.leaf(type.element));
      return elements.length === 0 ? `'{}'::${printSqlType(type)}` : `ARRAY[${elements.join(', ')}]`;
    }
    const text = random.pick(texts[type.kind]!);
    const isNumber = ['int4', 'numeric'].includes(type.kind) && text !== '-2147483648';
    if (isNumber && (type.kind === 'int4' || text.includes('.')))
      return marked(text.startsWith('-') ? `(${text})` : text);
    if (type.kind === 'text' && random.chance(0.5)) return `'${text}'`;
    if (type.kind === 'bool') return marked(text);
    return marked(`'${text}'::${printSqlType(type)}`);
  }

  call({ entry, overload }: Candidate, type: SqlType, depth: number): string {
    const { random } = this;
    const returns = overload.returns;
    const element = this.#elementFor(returns, type) ?? random.pick(scalarTypes);
    const given = overload.variadic ? [...overload.args, ...overload.args.slice(-1)] : overload.args;
    const args = given.map((pattern, i) => {
      const said = sentences[entry.name]?.[i];
      if (said) return random.pick(said);
      if (entry.name === 'to_char' && i === 1) return random.pick(formsFor(overload.args[0]!));
      const wanted =
        typeof pattern !== 'string'
          ? pattern
          : pattern === 'anyarray' || pattern === 'anycompatiblearray'
            ? ({ kind: 'list', element } as const)
            : pattern === 'any'
              ? random.pick(scalarTypes)
              : element;
      // Now and then of another type that converts, or of none yet.
      const other = random.chance(0.08) ? random.pick(scalarTypes) : wanted;
      const fits = castKind(other, wanted) === 'implicit' ? other : wanted;
      return this.of(fits.kind === 'numeric' ? types.numeric : fits, depth);
    });
    if (entry.kind !== 'operator') return `${entry.name}(${args.join(', ')})`;
    return args.length === 1 ? `(${entry.name} ${args[0]})` : `(${args[0]} ${entry.name} ${args[1]})`;
  }

  #elementFor(returns: Overload['returns'], type: SqlType): SqlType | undefined {
    if (typeof returns !== 'string') return undefined;
    if (returns === 'anyarray' || returns === 'anycompatiblearray')
      return type.kind === 'list' ? type.element : undefined;
    return type;
  }

  #instances(pattern: Overload['args'][number]): readonly SqlType[] {
    if (typeof pattern === 'string') return scalarTypes;
    if (pattern.kind === 'list') return listTypes.filter((t) => sameType(t, pattern));
    return pattern.kind in texts ? [pattern] : [];
  }

  #gives({ returns, args }: Overload, type: SqlType): boolean {
    if (typeof returns === 'function') {
      try {
        const plain = args.map((a) => (typeof a === 'string' ? (a.includes('array') ? listTypes[0]! : types.int4) : a));
        return keyOf(returns(plain)) === keyOf(type);
      } catch {
        return false;
      }
    }
    if (typeof returns !== 'string') return keyOf(returns) === keyOf(type);
    if (returns === 'anyarray' || returns === 'anycompatiblearray')
      return type.kind === 'list' && scalarTypes.some((t) => sameType(t, type.element));
    return type.kind !== 'list';
  }
}

/** Templates that make sense for the type. */
const formsFor = (pattern: Overload['args'][number]): readonly string[] =>
  isNumeric(pattern)
    ? numberForms
    : typeof pattern !== 'string' && pattern.kind === 'interval'
      ? ["'HH24:MI:SS'", "'DD'"]
      : dateForms;
const isNumeric = (pattern: Overload['args'][number]): boolean =>
  typeof pattern !== 'string' && ['int4', 'int8', 'float4', 'float8', 'numeric'].includes(pattern.kind);
const unordered = new Set(['jsonb', 'json', 'jsonpath']);
const ordered = (type: SqlType): boolean => !unordered.has(type.kind);
