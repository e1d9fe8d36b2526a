// Random typed expressions give PostgreSQL's type and value, or its SQLSTATE, by fragments, the evaluator and DuckDB; random queries its rows.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/session/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { printAnswer } from './answer.js';
import { loadSample, runRandom, runRandomQueries } from './random-differences.js';
import { loadOurs, loadPostgres } from './sample-tables.js';

const count = Number(process.env['EXPRESSIONS'] ?? 2_000);
const queries = Number(process.env['QUERIES'] ?? 80);
const seed = Number(process.env['SEED'] ?? 20_261_124);
/** Share that must be equal, in percent; it may only rise. */
const floor = 99;

let server: PostgresServer | undefined;
let database: Database;
beforeAll(async () => {
  server = await startPostgres();
  database = await Database.open('memory:', { threads: 1, duckdbWorkers: 1 });
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

describe('random expressions against PostgreSQL 15', () => {
  let loaded = false;
  it.each(['on', 'off'])('kernel=%s', async (kernel) => {
    if (!server) return;
    const client = await server.connect();
    try {
      if (!loaded) await loadSample(database, client);
      loaded = true;
      await client.query('SET search_path = v, public');
      const session = database.session({ searchPath: ['v'] });
      await session.sql(`SET skyhook.kernel = '${kernel}'`);
      const run = await runRandom(client, session, { seed, count });
      const equal = run.values + run.errors;
      console.log(`random expressions, kernel=${kernel}: equal ${equal} of ${run.asked}`);
      const shown = run.differences
        .slice(0, 10)
        .map((d) => `${d.sql}\n  postgres ${printAnswer(d.theirs)}\n  ours     ${printAnswer(d.ours)}`);
      expect((100 * equal) / run.asked, shown.join('\n')).toBeGreaterThanOrEqual(floor);
      // Neither only errors nor only NULLs of errors.
      expect(run.values).toBeGreaterThan(count / 2);
    } finally {
      await client.end();
    }
  });
});

describe('random queries against PostgreSQL 15', () => {
  it('give the same rows', async () => {
    if (!server) return;
    const client = await server.connect();
    const own = await Database.open('memory:', { threads: 1, duckdbWorkers: 1 });
    try {
      await loadPostgres(client);
      await loadOurs(own);
      const session = own.session({ searchPath: ['ev', 'runs'] });
      const run = await runRandomQueries(client, session, { seed, count: queries });
      const equal = run.values + run.errors;
      console.log(`random queries: equal ${equal} of ${run.asked}`);
      const wrong = run.differences.filter((d) => !('error' in d.theirs) && !('error' in d.ours));
      expect(wrong.map((d) => d.sql)).toEqual([]);
      const shown = run.differences.map((d) => `${d.sql}\n  ours     ${printAnswer(d.ours)}`);
      expect((100 * equal) / run.asked, shown.join('\n')).toBeGreaterThanOrEqual(98);
    } finally {
      await own.close();
      await client.end();
    }
  });
});
