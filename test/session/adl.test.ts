// The eight tasks of the IRIS-HEP ADL benchmark (examples/adl) over the bundled sample, against plain loops over what uproot reads.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingest } from '../../src/ingest/index.js';
import { Database } from '../../src/session/index.js';
import { rowsIn } from '../golden/fixtures.js';

const path = (name: string): string => new URL(`../../examples/adl/${name}`, import.meta.url).pathname;
const expected = JSON.parse(readFileSync(path('expected.json'), 'utf8')) as readonly (readonly number[])[][];

let database: Database;
beforeAll(async () => {
  database = await Database.open('memory:');
  await ingest(database.store, 'aod', [new URL('../../samples/events.root', import.meta.url).pathname]);
});
afterAll(() => database?.close());

async function answer(sql: string): Promise<readonly (readonly unknown[])[]> {
  return rowsIn(await database.session().sql(sql));
}

describe.each(expected.map((rows, i) => [i + 1, rows] as const))('task %i', (task, rows) => {
  const sql = readFileSync(path(`${task}.sql`), 'utf8');

  it('gives what plain loops give', async () => {
    const found = (await answer(sql)).map((row) => row.map((value) => Math.fround(Number(value))));
    expect(found).toEqual(rows.map((row) => row.map(Math.fround)));
  });

  // The later ones combine lists in ways that fragments do not: DuckDB does.
  if (task > 4) return;
  it('runs whole in fragments', async () => {
    const plan = (await answer(`EXPLAIN ${sql.replace(/^--.*\n/, '')}`)).map(([line]) => String(line)).join('\n');
    expect(plan).toContain('Fragment');
    expect(plan).toContain('residual: none');
    expect(plan).not.toContain('DuckDB');
  });
});
