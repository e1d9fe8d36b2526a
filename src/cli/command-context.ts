// What all commands share: the store they open, the statement that messages point into, the interruption by Ctrl-C.
import type { Command } from 'commander';
import type { Database } from '../session/index.js';

/** 0 done, 1 the statement or data was at fault, 2 the command line was, 130 interrupted. */
export const exitCodes = { failure: 1, usage: 2, interrupted: 130 } as const;

export const interruption = new AbortController();

/** The text that the place of a diagnostic refers to, and the door it came in by. */
let statement: { readonly text: string; readonly door: 'sql' | 'query' } = { text: '', door: 'query' };
export const currentStatement = (): typeof statement => statement;
export function setStatement(text: string, door: 'sql' | 'query'): void {
  statement = { text, door };
}

/** Opens the command's store for the time of `work`. The engine is loaded here, so that `--help` does without. */
export async function withDatabase<T>(command: Command, work: (database: Database) => Promise<T>): Promise<T> {
  const { store } = command.optsWithGlobals() as { readonly store: string };
  const { Database } = await import('../session/index.js');
  const database = await Database.open(store);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** `Examples:` under a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
