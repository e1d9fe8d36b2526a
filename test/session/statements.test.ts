// Tables of one's own: every statement here and on PostgreSQL 15 beside one another. Rows, tags, row counts and SQLSTATEs agree.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database, type Session } from '../../src/session/index.js';
import { type Answer, askOurs, PostgresAsker } from '../differential/answer.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';

let server: PostgresServer | undefined;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.stop();
});

const folder = new URL('statements/', import.meta.url);
const files = readdirSync(folder).sort();

/** One statement a line. */
const statementsOf = (file: string) =>
  readFileSync(new URL(file, folder), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('--'));

/** Rows whose order the statement leaves open are put into one. */
const comparable = (statement: string, rows: readonly string[]) =>
  /\border by\b|^fetch\b/i.test(statement) ? rows : [...rows].sort();

/** A tag as its command's first word and its number of rows, which is all that the client tells of PostgreSQL's. */
const told = (tag: string) => [tag.split(' ')[0], Number(/\d+$/.exec(tag)?.[0] ?? Number.NaN)];

it.each(files)('%s: what PostgreSQL says, statement by statement', async (file) => {
  if (!server) return;
  const client = await server.connect();
  const database = await Database.open('memory:');
  const session = database.session();
  try {
    const postgres = new PostgresAsker(client);
    const differences: { statement: string; ours: unknown; theirs: unknown }[] = [];
    for (const statement of statementsOf(file)) {
      const [ours, theirs] = [await answer(session, statement), await theirAnswer(postgres, statement)];
      try {
        expect(ours).toEqual(theirs);
      } catch {
        differences.push({ statement, ours, theirs });
      }
    }
    expect(differences).toEqual([]);
  } finally {
    await client.end();
    await session.close();
    await database.close();
  }
});

it('there are enough of them', () => {
  expect(files.flatMap(statementsOf).length).toBeGreaterThan(950);
});

async function answer(session: Session, statement: string): Promise<unknown> {
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
  const { columns, rows } = found;
  return columns.length > 0 ? { columns, rows: comparable(statement, rows) } : { tag: told(tag!) };
}

async function theirAnswer(postgres: PostgresAsker, statement: string): Promise<unknown> {
  const found: Answer & { readonly tag?: string } = await postgres.ask(statement);
  if ('error' in found) return { error: found.error };
  const { columns, rows } = found;
  return columns.length > 0 ? { columns, rows: comparable(statement, rows) } : { tag: told(found.tag!) };
}
