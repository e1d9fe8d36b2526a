// Statements real PostgreSQL clients send: what PostgreSQL's own parser takes, ours takes, and prints back to the same tree.
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { parseSql, printStatement, type Statement } from '../../src/parser/index.js';
import { clientStatements, hasClients } from './clients.js';
import { shape } from './shape.js';

beforeAll(() => loadModule());

/** In demo-database.sql, which no client sends. */
const leftOut =
  /^create (?:function|index|materialized view|role|sequence|type)\b|^create table public\.parted|partition of/;

if (!hasClients) console.warn('client corpus: shared/pg-clients is absent, nothing to check');
test.runIf(hasClients)('every statement of the clients parses as PostgreSQL says, and prints back', () => {
  const differ: string[] = [];
  const texts = clientStatements();
  for (const text of texts) {
    let judge = true;
    try {
      parseSync(text);
    } catch {
      judge = false;
    }
    let parsed: Statement[] | undefined;
    try {
      parsed = parseSql(text);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      if (judge && !(leftOut.test(text) && error.code === '0A000')) differ.push(`${error.message}: ${text}`);
    }
    if (!parsed) continue;
    if (!judge) differ.push(`accepted: ${text}`);
    const printed = parsed.map(printStatement).join('; ');
    if (JSON.stringify(shape(parseSql(printed))) !== JSON.stringify(shape(parsed)))
      differ.push(`unstable: ${text}\n  -> ${printed}`);
    if (printed !== '') expect(() => parseSync(printed), printed).not.toThrow();
  }
  expect(texts.length).toBeGreaterThan(400);
  expect(differ).toEqual([]);
});
