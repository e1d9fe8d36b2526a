// What real PostgreSQL clients send, from shared/pg-clients: the corpus of the parser's tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/pg-clients/', import.meta.url));

export const hasClients = existsSync(folder);

/** Distinct texts; each is a statement, or several separated by semicolons, as the client sent them. */
export function clientStatements(): string[] {
  if (!hasClients) return [];
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) => {
      const text = readFileSync(folder + file, 'utf8');
      // Captures are separated by headers `-- [n]`; the demo database is one script.
      return file === 'demo-database.sql' ? text.split(/;\s*$/m) : text.split(/^-- \[\d+\].*$/m).slice(1);
    })
    .map((text) => text.replace(/^--.*$/gm, '').trim());
  return [...new Set(texts)].filter((text) => text !== '');
}
