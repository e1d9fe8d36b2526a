// Runs statements on PostgreSQL and on the embedded engine, and says which answers are equal.
import { Database, type Session } from '../../src/session/index.js';
import type { PostgresServer } from '../support/postgres.js';
import { type Answer, askOurs, difference, PostgresAsker } from './answer.js';
import { loadOurs, loadPostgres } from './sample-tables.js';
import type { DifferentialStatement } from './statement-file.js';

export interface Comparison {
  readonly statement: DifferentialStatement;
  readonly theirs: Answer;
  readonly ours: Answer;
  /** Absent where the answers are equal. */
  readonly difference?: string;
}

export async function compareChapters(
  server: PostgresServer,
  statements: readonly DifferentialStatement[],
): Promise<Comparison[]> {
  const client = await server.connect();
  const database = await Database.open('memory:', { threads: 1, duckdbWorkers: 1 });
  try {
    await loadPostgres(client);
    await loadOurs(database);
    const session = database.session({ searchPath: ['ev', 'runs'] });
    return await compareAll(new PostgresAsker(client), session, statements);
  } finally {
    await database.close();
    await client.end();
  }
}

async function compareAll(
  postgres: PostgresAsker,
  session: Session,
  statements: readonly DifferentialStatement[],
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const statement of statements) {
    const theirs = await postgres.ask(statement.sql);
    const ours = await askOurs(session, statement.sql);
    const found = difference(statement.sql, theirs, ours);
    comparisons.push({ statement, theirs, ours, ...(found !== undefined && { difference: found }) });
  }
  return comparisons;
}

export interface ChapterTally {
  readonly chapter: string;
  equal: number;
  total: number;
}

export function tally(comparisons: readonly Comparison[]): ChapterTally[] {
  const chapters = new Map<string, ChapterTally>();
  for (const { statement, difference: found } of comparisons) {
    const chapter = chapters.get(statement.chapter) ?? { chapter: statement.chapter, equal: 0, total: 0 };
    chapters.set(statement.chapter, chapter);
    chapter.total++;
    if (found === undefined) chapter.equal++;
  }
  return [...chapters.values()];
}
