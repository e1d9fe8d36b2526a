// Chains of 10,000 terms through every walker: bound, rewritten, printed, compiled, run. What is too deep is 54001, with its place.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import type { Database } from '../../src/session/index.js';
import { openFixtures, rowsIn } from '../golden/fixtures.js';

let database: Database;
beforeAll(async () => {
  database = await openFixtures();
});
afterAll(() => database?.close());

const many = (term: string, operator: string, count = 10_000): string => Array(count).fill(term).join(operator);
const session = () => database.session({ searchPath: ['sample'] });

async function answer(text: string): Promise<unknown[][]> {
  expect((await session().explain(text, undefined, { verbose: true })).length).toBeGreaterThan(0);
  return rowsIn(await session().sql(text));
}

describe('chains of 10,000 terms', () => {
  const ofEvents = '"nMuon" FROM "Events" WHERE event_id < 10 ORDER BY event_id';

  it('of + over columns and constants', async () => {
    const muons = (await answer(`SELECT ${ofEvents}`)).map(([n]) => n as number);
    const sums = await answer(`SELECT ${many('"nMuon"', ' + ', 9_999)} + ${ofEvents}`);
    expect(sums).toEqual(muons.map((n) => [10_000 * n]));
    expect(await answer(`SELECT ${many('1', ' + ')}`)).toEqual([[10_000]]);
  });

  it('of ||', async () => {
    expect(await answer(`SELECT ${many("'a'", ' || ')}`)).toEqual([['a'.repeat(10_000)]]);
  });

  it('in WHERE and GROUP BY', async () => {
    const sum = many('"nMuon"', ' + ');
    expect(await answer(`SELECT count(*) FROM "Events" WHERE ${sum} > 20000`)).toEqual(
      await answer('SELECT count(*) FROM "Events" WHERE "nMuon" > 2'),
    );
    expect(await answer(`SELECT ${sum}, count(*) FROM "Events" GROUP BY ${sum} HAVING ${sum} = 0`)).toEqual(
      await answer('SELECT 0, count(*) FROM "Events" WHERE "nMuon" = 0'),
    );
  });

  it('of EXCEPT', async () => {
    expect(await answer(`VALUES (1), (2) EXCEPT ${many('SELECT 1', ' EXCEPT ')}`)).toEqual([[2]]);
  });

  it('beside an aggregate that needs DuckDB: the chain is computed by the evaluator', async () => {
    const sum = many('"nMuon"', ' + ', 3_000);
    expect(await answer(`SELECT count(DISTINCT "nJet"), max(${sum}) FROM "Events"`)).toEqual(
      await answer('SELECT count(DISTINCT "nJet"), max("nMuon" * 3000) FROM "Events"'),
    );
  });
});

it('raises 54001 with a place for set operations of different kinds above one another', async () => {
  const text = many('SELECT 1', ' UNION SELECT 2 EXCEPT ', 1_000);
  const error = await session()
    .sql(text)
    .then(
      () => undefined,
      (e: unknown) => e,
    );
  expect(error).toBeInstanceOf(DiagnosticError);
  const { code, diagnostic } = error as DiagnosticError;
  expect(code).toBe('54001');
  expect(diagnostic.span).toBeDefined();
});
