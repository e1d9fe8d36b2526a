// Planning of what real clients ask the catalogue (shared/pg-clients), each statement anew: no plan is kept from one round to the next.
import { parseSql, type QueryStatement } from '../../src/parser/index.js';
import { Database } from '../../src/session/index.js';
import { clientStatements } from '../../test/parser/clients.js';
import { makeDemoTables } from '../../test/support/demo-database.js';
import { median } from './median.js';

export interface ClientFigures {
  readonly statements: number;
  /** Milliseconds from text to physical plan: of the median statement, of one in ten, of the slowest. */
  readonly median: number;
  readonly ninth: number;
  readonly slowest: number;
  readonly slowestText: string;
}

const rounds = 5;

/** `undefined` without the recorded statements. */
export async function benchClients(): Promise<ClientFigures | undefined> {
  const database = await Database.open('memory:');
  try {
    await makeDemoTables(database);
    const session = database.session({ searchPath: ['public'] });
    const timed: { text: string; time: number }[] = [];
    for (const text of clientStatements().filter((t) => /\bpg_|information_schema/.test(t))) {
      const times: number[] = [];
      try {
        for (let round = 0; round <= rounds; round++) {
          const start = performance.now();
          const [statement] = parseSql(text);
          if (statement?.kind !== 'query_statement') break;
          await session.plan(statement as QueryStatement, undefined);
          if (round > 0) times.push(performance.now() - start);
        }
      } catch {
        // A statement about objects that there are none of is not planned, so that there is nothing to time.
        continue;
      }
      if (times.length > 0) timed.push({ text, time: median(times) });
    }
    if (timed.length === 0) return undefined;
    timed.sort((a, b) => a.time - b.time);
    const at = (share: number) => timed[Math.min(timed.length - 1, Math.floor(share * timed.length))]!;
    const slowest = timed.at(-1)!;
    return {
      statements: timed.length,
      median: at(0.5).time,
      ninth: at(0.9).time,
      slowest: slowest.time,
      slowestText: slowest.text,
    };
  } finally {
    await database.close();
  }
}
