// Tables of one's own: every statement here and on PostgreSQL 15 beside one another. Rows, tags, row counts and SQLSTATEs agree.
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database, type Session } from '../../src/session/index.js';
import { type Answer, askOurs, PostgresAsker } from '../differential/answer.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';

let server: PostgresServer | undefined;
let client: pg.Client | undefined;
let database: Database;
let session: Session;

beforeAll(async () => {
  server = await startPostgres();
  client = await server?.connect();
  database = await Database.open('memory:');
  session = database.session();
}, 60_000);
afterAll(async () => {
  await client?.end();
  await server?.stop();
  await session.close();
  await database.close();
});

/** One statement a line; `-- ours:` before one says why its answer is another here, and which. */
const script = readFileSync(new URL('statements.sql', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('--'));

/** A tag as its command's first word and its number of rows, which is all that the client tells of PostgreSQL's. */
const told = (tag: string) => [tag.split(' ')[0], Number(/\d+$/.exec(tag)?.[0] ?? Number.NaN)];

it('says what PostgreSQL says, statement by statement', async () => {
  if (!client) return;
  const postgres = new PostgresAsker(client);
  const differences: { statement: string; ours: unknown; theirs: unknown }[] = [];
  for (const statement of script) {
    const [ours, theirs] = [await answer(statement), await theirAnswer(postgres, statement)];
    try {
      expect(ours).toEqual(theirs);
    } catch {
      differences.push({ statement, ours, theirs });
    }
  }
  expect(differences).toEqual([]);
  expect(script.length).toBeGreaterThan(100);
}, 120_000);

async function answer(statement: string): Promise<unknown> {
  let tag: string | undefined;
  const heard = {
    sql: async (...args: Parameters<Session['sql']>) => {
      const result = await session.sql(...args);
      tag = result.tag;
      return result;
    },
  } as Session;
  const found = await askOurs(heard, statement);
  if ('error' in found) return { error: found.error };
  return found.columns.length > 0 ? found : { tag: told(tag!) };
}

async function theirAnswer(postgres: PostgresAsker, statement: string): Promise<unknown> {
  const found: Answer & { readonly tag?: string } = await postgres.ask(statement);
  if ('error' in found) return { error: found.error };
  return found.columns.length > 0 ? { columns: found.columns, rows: found.rows } : { tag: told(found.tag!) };
}
