// Random JSON, random paths, random arrays: what the registry says of them and what a real PostgreSQL 15 says.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  arrayOf,
  castValue,
  DiagnosticError,
  lookupFunction,
  lookupOperator,
  type Overload,
  printValue,
  type SqlType,
  sameType,
  types,
  type Value,
} from '../../src/core/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';

let server: PostgresServer | undefined;
let client: pg.Client | undefined;
beforeAll(async () => {
  server = await startPostgres();
  client = await server?.connect();
});
afterAll(async () => {
  await client?.end();
  await server?.stop();
});

class Random {
  private state: number;
  constructor(seed: number) {
    this.state = seed;
  }
  /** From 0 to below n. */
  below(n: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * n);
  }
  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }
  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const keys = ['a', 'b', 'c', 'aa', 'é', 'A', '', '1'];
const scalars = [
  ...['null', 'true', 'false', '0', '-0', '1', '1.0', '-1.50', '12345678901234567890.5', '1e3', '2.5E-4', '-7', '10'],
  ...['""', '"a"', '"b"', '"ab"', '"é"', '"1"', '"\\u00e9\\n"', '"2024-01-02"', '"12:00:00+01"', '"\\ud83d\\ude00"'],
];

function json(random: Random, depth: number): string {
  const kind = depth === 0 ? 0 : random.below(4);
  const blank = () => random.pick(['', '', ' ', '\n ']);
  if (kind <= 1) return random.pick(scalars);
  if (kind === 2) return `[${random.some(4, () => blank() + json(random, depth - 1)).join(`${blank()},`)}]`;
  return `{${random.some(4, () => `${blank()}"${random.pick(keys)}"${blank()}: ${json(random, depth - 1)}`).join(',')}${blank()}}`;
}

const accessors = [
  '.a',
  '.b',
  '.*',
  '[*]',
  '[0]',
  '[last]',
  '[0 to 1]',
  '[1, 0]',
  '[last - 1]',
  '.**',
  '.**{1}',
  '.**{1 to 2}',
];
const methods = ['.type()', '.size()', '.double()', '.floor()', '.ceiling()', '.abs()', '.keyvalue()', '.datetime()'];

function path(random: Random, depth: number, root: string): string {
  const steps = random.some(3, () => {
    const kind = random.below(10);
    if (kind < 7) return random.pick(accessors);
    if (kind < 8 || depth === 0) return random.pick(methods);
    return ` ? (${predicate(random, depth - 1)})`;
  });
  return root + steps.join('');
}

function expression(random: Random, depth: number, root: string): string {
  const kind = random.below(8);
  if (kind < 5 || depth === 0) return path(random, depth, root);
  if (kind === 5)
    return `(${expression(random, depth - 1, root)} ${random.pick(['+', '-', '*', '/', '%'])} ${random.pick(['1', '2.5', '0', root])})`;
  if (kind === 6) return `-${path(random, 0, root)}`;
  return random.pick(['1', '"a"', 'null', 'true', '2.50', '$x']);
}

function predicate(random: Random, depth: number, root = '@'): string {
  switch (depth === 0 ? 0 : random.below(7)) {
    case 1:
      return `(${predicate(random, depth - 1, root)} ${random.pick(['&&', '||'])} ${predicate(random, depth - 1, root)})`;
    case 2:
      return `!(${predicate(random, depth - 1, root)})`;
    case 3:
      return `(${predicate(random, depth - 1, root)}) is unknown`;
    case 4:
      return `exists (${path(random, depth - 1, root)})`;
    case 5:
      return `${path(random, 0, root)} starts with "a"`;
    case 6:
      return `${path(random, 0, root)} like_regex "^[ab1]" flag "i"`;
    default:
      return `${expression(random, 0, root)} ${random.pick(['==', '!=', '<', '<=', '>', '>='])} ${expression(random, 0, root)}`;
  }
}

/** The text of what a fold gives, or the SQLSTATE of its error. */
function ours(overload: Overload, args: readonly Value[], argTypes: readonly SqlType[], type: SqlType): string | null {
  try {
    const value = overload.strict && args.includes(null) ? null : overload.fold!(args, { argTypes, type });
    return value === null ? null : printValue(value, type);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.code;
  }
}

function overloadOf(
  entry: { readonly overloads: readonly Overload[] } | undefined,
  args: readonly SqlType[],
): Overload {
  const found = entry?.overloads.find(
    (o) => o.args.length === args.length && o.args.every((a, i) => typeof a !== 'string' && sameType(a, args[i]!)),
  );
  if (!found) throw new Error('no such overload');
  return found;
}

/** PostgreSQL's text of each, or the SQLSTATE: every one in a statement of its own, since one error ends a statement. */
async function theirs(sql: string, rows: readonly (readonly unknown[])[]): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for (const values of rows) {
    try {
      const result = await client!.query<(string | null)[]>({ text: sql, values: [...values], rowMode: 'array' });
      found.push(result.rows[0]![0]!);
    } catch (error) {
      found.push((error as { code: string }).code);
    }
  }
  return found;
}

const normal = (text: string): string => castValue(text, types.text, types.jsonb) as string;

describe('JSON beside PostgreSQL', () => {
  const random = new Random(11);
  const documents = Array.from({ length: 400 }, () => json(random, 3));

  it('is normalised, stripped and printed alike', async (context) => {
    if (!client) return context.skip();
    expect(documents.map(normal)).toEqual(
      await theirs(
        'SELECT $1::jsonb::text',
        documents.map((d) => [d]),
      ),
    );
    for (const [name, type] of [
      ['jsonb_pretty', types.jsonb],
      ['jsonb_strip_nulls', types.jsonb],
      ['json_strip_nulls', types.json],
    ] as const) {
      const overload = overloadOf(lookupFunction(name), [type]);
      const mine = documents.map((d) =>
        ours(overload, [type.kind === 'jsonb' ? normal(d) : d], [type], name === 'jsonb_pretty' ? types.text : type),
      );
      expect(mine, name).toEqual(
        await theirs(
          `SELECT ${name}($1)`,
          documents.map((d) => [d]),
        ),
      );
    }
  });

  it('is compared, contained and joined alike', async (context) => {
    if (!client) return context.skip();
    const pairs = Array.from({ length: 1500 }, () => [random.pick(documents), random.pick(documents)] as const);
    const small = Array.from({ length: 1500 }, () => [json(random, 2), json(random, 1)] as const);
    for (const symbol of ['<', '=', '@>', '<@', '||']) {
      const overload = overloadOf(lookupOperator(symbol, 2), [types.jsonb, types.jsonb]);
      const type = symbol === '||' ? types.jsonb : types.bool;
      for (const list of [pairs, small]) {
        const mine = list.map(([a, b]) => ours(overload, [normal(a), normal(b)], [types.jsonb, types.jsonb], type));
        expect(mine, symbol).toEqual(await theirs(`SELECT $1::jsonb ${symbol} $2::jsonb`, list));
      }
    }
  });

  it('is changed alike', async (context) => {
    if (!client) return context.skip();
    const texts = arrayOf(types.text, 1);
    const cases = Array.from({ length: 1500 }, () => ({
      document: json(random, 3),
      steps: random.some(3, () => random.pick(['a', 'b', '0', '1', '-1', '-9', '9', 'x'])),
      value: json(random, 1),
      flag: random.below(2) === 1,
    }));
    for (const name of ['jsonb_set', 'jsonb_insert']) {
      const argTypes = [types.jsonb, texts, types.jsonb, types.bool];
      const overload = overloadOf(lookupFunction(name), argTypes);
      const mine = cases.map((c) =>
        ours(overload, [normal(c.document), c.steps, normal(c.value), c.flag], argTypes, types.jsonb),
      );
      const rows = cases.map((c) => [c.document, c.steps, c.value, c.flag]);
      expect(mine, name).toEqual(await theirs(`SELECT ${name}($1, $2::text[], $3, $4)`, rows));
    }
    for (const symbol of ['#>', '#>>', '#-']) {
      const overload = overloadOf(lookupOperator(symbol, 2), [types.jsonb, texts]);
      const type = symbol === '#>>' ? types.text : types.jsonb;
      const mine = cases.map((c) => ours(overload, [normal(c.document), c.steps], [types.jsonb, texts], type));
      const rows = cases.map((c) => [c.document, c.steps]);
      expect(mine, symbol).toEqual(await theirs(`SELECT $1::jsonb ${symbol} $2::text[]`, rows));
    }
  });

  it('is asked by paths alike', async (context) => {
    if (!client) return context.skip();
    const mode = () => random.pick(['', '', 'strict ', 'lax ']);
    const cases = Array.from({ length: 6000 }, () => ({
      document: json(random, 3),
      path: mode() + (random.below(4) === 0 ? predicate(random, 2, '$') : expression(random, 2, '$')),
      silent: random.below(2) === 1,
    }));
    const paths = await theirs(
      'SELECT $1::jsonpath::text',
      cases.map((c) => [c.path]),
    );
    const printed = cases.map((c) => ours(cast, [c.path], [types.text], types.text));
    expect(printed).toEqual(paths);
    const valid = cases.filter((_, i) => !/^[0-9A-Z]{5}$/.test(paths[i]!));
    expect(valid.length).toBeGreaterThan(cases.length / 2);
    const argTypes = [types.jsonb, types.jsonpath, types.jsonb, types.bool];
    for (const [name, type] of [
      ['jsonb_path_query_array', types.jsonb],
      ['jsonb_path_exists', types.bool],
      ['jsonb_path_match', types.bool],
    ] as const) {
      const overload = overloadOf(lookupFunction(name), argTypes);
      const vars = '{"x": 1}';
      const mine = valid.map((c) => ours(overload, [normal(c.document), c.path, vars, c.silent], argTypes, type));
      const rows = valid.map((c) => [c.document, c.path, vars, c.silent]);
      const real = await theirs(`SELECT ${name}($1, $2::jsonpath, $3, $4)`, rows);
      const different = valid.flatMap((c, i) => (mine[i] === real[i] ? [] : [{ ...c, mine: mine[i], real: real[i] }]));
      expect(different, name).toEqual([]);
    }
  });
});

/** What a cast to jsonpath makes of a text. */
const cast: Overload = {
  op: 'text to jsonpath',
  args: [types.text],
  returns: types.jsonpath,
  strict: true,
  volatility: 'immutable',
  fold: ([text]) => castValue(text!, types.text, types.jsonpath),
};
