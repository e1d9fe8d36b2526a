// Every statement of the chapters against a real PostgreSQL 15; the floors may only rise.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { difference } from './answer.js';
import { type Comparison, compareChapters, tally } from './compare-chapters.js';
import { unusedSignatures } from './signatures.js';
import { parseChapter, readChapters } from './statement-file.js';

/** Share of statements that must be equal, in percent. */
const floor = 99.2;

/** Signatures in PostgreSQL's documentation that no statement uses; may only fall. */
const mostUnused = 6;

const statements = readChapters();
let server: PostgresServer | undefined;
let comparisons: Comparison[] = [];

beforeAll(async () => {
  server = await startPostgres();
  if (server) comparisons = await compareChapters(server, statements);
}, 600_000);
afterAll(() => server?.stop());

describe('the dialect against PostgreSQL 15', () => {
  it('is asked enough', () => {
    expect(statements.length).toBeGreaterThanOrEqual(4870);
  });

  it('is equal where it was', (context) => {
    if (!server) return context.skip();
    const chapters = tally(comparisons);
    const equal = chapters.reduce((sum, c) => sum + c.equal, 0);
    console.log(`differential: equal ${equal} of ${comparisons.length}`);
    expect(
      (100 * equal) / comparisons.length,
      chapters.map((c) => `${c.chapter} ${c.equal}/${c.total}`).join(', '),
    ).toBeGreaterThanOrEqual(floor);
  });

  it('differs only where docs/dialect.md says so', (context) => {
    if (!server) return context.skip();
    const page = readFileSync(new URL('../../docs/dialect.md', import.meta.url), 'utf8');
    const headings = new Set([...page.matchAll(/^### (.+)$/gm)].map((m) => m[1]));
    const unexplained = comparisons.flatMap(({ statement: { sql, differs }, difference: found }) => {
      if (found === undefined) return differs === undefined ? [] : [`marked, but equal: ${sql}`];
      return differs !== undefined && headings.has(differs) ? [] : [`${found}: ${sql}`];
    });
    expect(unexplained).toEqual([]);
  });

  it('uses most of the documented signatures', async (context) => {
    if (!server) return context.skip();
    const { unused, total } = await unusedSignatures(server, statements);
    expect(total).toBeGreaterThan(900);
    expect(unused.length, unused.map((s) => s.text).join('; ')).toBeLessThanOrEqual(mostUnused);
  });

  it('never fails by a fault of ours', (context) => {
    if (!server) return context.skip();
    const faults = comparisons.flatMap(({ statement, ours }) =>
      'error' in ours && ours.error === 'a fault of ours' ? [`${statement.sql}: ${ours.message.split('\n')[0]}`] : [],
    );
    expect(faults).toEqual([]);
  });
});

describe('the comparison itself', () => {
  const answer = (columns: string[], rows: string[]) => ({ columns, rows });
  it('sees names, types, rows, order and errors', () => {
    const a = answer(['x:integer'], ['1', '2']);
    expect(difference('select', a, a)).toBeUndefined();
    expect(difference('select', a, answer(['y:integer'], ['1', '2']))).toBe('names');
    expect(difference('select', a, answer(['x:bigint'], ['1', '2']))).toBe('types');
    expect(difference('select', a, answer(['x:integer'], ['1', '3']))).toBe('rows');
    expect(difference('select x from t', a, answer(['x:integer'], ['2', '1']))).toBeUndefined();
    expect(difference('select x from t order by x', a, answer(['x:integer'], ['2', '1']))).toBe('rows');
    expect(difference('select', { error: '22012', message: '' }, { error: '22003', message: '' })).toBe('error');
    expect(difference('select', { error: '22012', message: 'a' }, { error: '22012', message: 'b' })).toBeUndefined();
  });

  it('reads statements over several lines, and notes on differences', () => {
    expect(parseChapter('c', "-- a comment\nSELECT 1;\n\n-- differs: Text\nSELECT 'a;'\n  'b';\n")).toEqual([
      { chapter: 'c', line: 2, sql: 'SELECT 1' },
      { chapter: 'c', line: 5, sql: "SELECT 'a;'\n  'b'", differs: 'Text' },
    ]);
  });
});
