// No rule changes an answer: golden and generated queries, with each rule left out that fires on them, and with all left out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { parseNative, parseSql, type QueryStatement } from '../../src/parser/index.js';
import { rules } from '../../src/planner/index.js';
import type { Database } from '../../src/session/index.js';
import { openFixtures, rowsIn, withPaths } from '../golden/fixtures.js';
import { headerLine, parseGolden } from '../golden/golden-file.js';

const goldens = new URL('../golden', import.meta.url).pathname;
const all = rules.map((r) => r.name);
let database: Database;

beforeAll(async () => {
  database = await openFixtures();
});
afterAll(() => database?.close());

interface Asked {
  readonly text: string;
  readonly native: boolean;
  readonly dataset: string;
}

/** Rows as text, or the error's code; float sums may differ in the last bit between engines. */
async function answer({ text, native, dataset }: Asked, disabled: readonly string[]): Promise<string[]> {
  const session = database.session({ searchPath: [dataset], disabledRules: new Set(disabled) });
  const plain = (_: string, v: unknown): unknown =>
    typeof v === 'bigint' ? String(v) : typeof v === 'number' && !Number.isInteger(v) ? v.toPrecision(12) : v;
  try {
    const result = await (native ? session.native(text, { dataset }) : session.sql(text));
    return (await rowsIn(result)).map((row) => JSON.stringify(row, plain));
  } catch (error) {
    if (error instanceof DiagnosticError) return [error.code];
    throw error;
  }
}

/** Rows in their order where the query says one, as a set of rows elsewhere. */
async function sameWithout(asked: Asked): Promise<void> {
  const { text, native, dataset } = asked;
  const statement = native ? parseNative(text) : (parseSql(text)[0] as QueryStatement);
  const ordered = native || statement.query.orderBy.length > 0;
  const inOrder = (rows: string[]): string[] => (ordered ? rows : rows.sort());
  const session = database.session({ searchPath: [dataset] });
  const expected = inOrder(await answer(asked, []));
  // What does not bind has no rules.
  const fired = await session.plan(statement, native ? { dataset } : undefined).then(
    (planned) => planned.fired,
    () => [],
  );
  for (const off of [...fired.map((r) => [r]), all])
    expect(inOrder(await answer(asked, off)), `${text}\nwithout ${off.join(', ')}`).toEqual(expected);
}

describe('rules left out', () => {
  for (const name of readdirSync(goldens).filter((f) => f.endsWith('.golden')))
    it(name, async () => {
      const golden = parseGolden(readFileSync(join(goldens, name), 'utf8'));
      const dataset = headerLine(golden, 'fixture')!;
      for (const language of ['native', 'sql']) {
        const text = golden.sections.get(language);
        if (text !== undefined) await sameWithout({ text: withPaths(text), native: language === 'native', dataset });
      }
    });
});

/** A small generator with a fixed seed, so that a failure can be repeated. */
function generator(seed: number) {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const number = (): string => pick(['0', '1', '2', '3', '2.5', '7', '40', '0.1', '-1', '100', '5e9']);
  const op = (): string => pick(['=', '<>', '<', '<=', '>', '>=']);
  const scalar = (t: string): string =>
    pick([`${t}."nMuon"`, `${t}."nJet"`, `${t}."MET_pt"`, `${t}.event_id`, `${t}."PV_npvs"`, `${t}.run`]);
  const term = (t: string): string =>
    pick([
      () => `${scalar(t)} ${op()} ${number()}`,
      () => `${number()} ${op()} ${scalar(t)}`,
      () => `${scalar(t)} IN (${number()}, ${number()}, NULL)`,
      () => `(${scalar(t)} = ${number()} OR ${t}."nMuon" = 1 OR ${t}."nMuon" = 2)`,
      () => `NOT (${scalar(t)} ${op()} ${number()})`,
      () => `list_any(${t}."Muon_pt" ${op()} ${number()})`,
      () => `list_count(${t}."Jet_pt" > ${number()}) ${op()} ${number()}`,
      () => `${scalar(t)} BETWEEN ${number()} AND ${number()}`,
    ])();
  const where = (t: string): string =>
    Array.from({ length: 1 + below(3) }, () => term(t)).join(pick([' AND ', ' AND ', ' OR ']));
  const inner = (t: string): string => `FROM "Events" ${t} WHERE ${t}.event_id < 60 AND (${where(t)})`;
  const forms: readonly (() => string)[] = [
    () => `SELECT a.event_id, ${scalar('a')} + 1 AS x ${inner('a')}`,
    () => `SELECT ${scalar('a')} AS k, count(*), max(a."nJet") ${inner('a')} GROUP BY 1 HAVING count(*) > 1`,
    () => `SELECT DISTINCT k, n FROM (SELECT a."nMuon" AS k, count(*) AS n ${inner('a')} GROUP BY 1 ORDER BY 2) s`,
    () => `SELECT a.event_id, a."nJet" ${inner('a')} ORDER BY 2 DESC, 1 LIMIT ${1 + below(20)} OFFSET ${below(4)}`,
    () =>
      `SELECT a.event_id, b.event_id FROM "Events" a ${pick(['', 'LEFT ', 'RIGHT ', 'FULL '])}JOIN "Events" b ON a.event_id = b.event_id AND ${term(pick(['a', 'b']))} WHERE a.event_id < 60 AND ${term('a')}`,
    () =>
      `SELECT count(*) FROM "Events" a WHERE a.event_id < 60 AND ${pick(['', 'NOT '])}EXISTS (SELECT 1 ${inner('b')} AND b."nMuon" = a."nJet" ORDER BY 1)`,
    () =>
      `SELECT count(*) FROM "Events" a WHERE ${term('a')} AND a."nMuon" ${pick(['', 'NOT '])}IN (SELECT b."nJet" ${inner('b')})`,
    () =>
      `SELECT a.event_id, u.pt FROM "Events" a, unnest(a."Jet_pt") AS u(pt) WHERE u.pt ${op()} ${number()} AND a.event_id < 40 AND ${term('a')}`,
    () =>
      `SELECT count(*), min(u.pt) FROM "Events" a, unnest(a."Muon_pt") AS u(pt) WHERE u.pt > ${number()} AND ${term('a')}`,
    () =>
      `SELECT * FROM (SELECT a.event_id AS e ${inner('a')} UNION ALL SELECT b.event_id + 1000 ${inner('b')}) s WHERE e ${op()} ${number()}`,
    () =>
      `WITH m AS (SELECT a.event_id AS e, a."nMuon" AS n ${inner('a')}), z AS (SELECT 1) SELECT n, count(*) FROM m WHERE n < 4 GROUP BY n`,
    () =>
      `SELECT e, r FROM (SELECT a.event_id AS e, a."nMuon" AS n, rank() OVER (PARTITION BY a."nMuon" ORDER BY a.event_id) AS r ${inner('a')}) s WHERE n = ${below(4)}`,
  ];
  return { query: () => pick(forms)() };
}

describe('rules left out of generated queries', () => {
  const { query } = generator(20240607);
  for (let i = 0; i < 24; i++) {
    const queries = Array.from({ length: 10 }, query);
    it(`batch ${i + 1}`, async () => {
      for (const text of queries)
        for (const dataset of ['sample', 'parts']) await sameWithout({ text, native: false, dataset });
    });
  }
});
