// Statements real PostgreSQL clients send: what PostgreSQL's own parser takes, ours takes, and prints stably.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { parseSql, printStatement, type Statement } from '../../src/parser/index.js';

const folder = fileURLToPath(new URL('../../../shared/pg-clients/', import.meta.url));

/** Statements are separated by comment headers `-- [n]`. */
function statements(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql') && file !== 'demo-database.sql')
    .flatMap((file) =>
      readFileSync(folder + file, 'utf8')
        .split(/^-- \[\d+\].*$/m)
        .slice(1),
    )
    .map((text) => text.replace(/^--.*$/gm, '').trim())
    .filter((text) => /^(select|with|values|table|explain|\()/i.test(text) && !/;\s*\S/.test(text));
}

/** Without places, for comparing trees. */
export function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape);
  if (node instanceof Map) return [...node];
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== 'span' && key !== 'opSpan')
      .map(([key, value]) => [key, shape(value)]),
  );
}

beforeAll(() => loadModule());

if (!existsSync(folder)) console.warn('client corpus: shared/pg-clients is absent, nothing to check');
test.runIf(existsSync(folder))('every query of the clients parses as PostgreSQL says', () => {
  const refused: string[] = [];
  const unstable: string[] = [];
  const texts = [...new Set(statements())];
  for (const text of texts) {
    let valid = true;
    try {
      parseSync(text);
    } catch {
      valid = false;
    }
    let parsed: Statement[] | undefined;
    try {
      parsed = parseSql(text);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      if (valid) refused.push(`${error.message}: ${text.slice(0, 200)}`);
    }
    if (!parsed) continue;
    if (!valid) refused.push(`accepted: ${text.slice(0, 200)}`);
    const printed = parsed.map(printStatement).join('; ');
    const again = parseSql(printed);
    if (JSON.stringify(shape(again)) !== JSON.stringify(shape(parsed))) unstable.push(`${text}\n  -> ${printed}`);
  }
  expect(texts.length).toBeGreaterThan(200);
  expect(refused).toEqual([]);
  expect(unstable).toEqual([]);
});
