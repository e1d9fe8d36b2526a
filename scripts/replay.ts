// `npm run replay -- DIR`: sends what real clients were seen to send (shared/pg-clients) to a server of ours, and compares names and types of the
// columns with those recorded. Prints what differs and `answered N of M`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as arrow from 'apache-arrow';
import pg from 'pg';
import { writeTable } from '../src/ingest/index.js';
import { defaultServerOptions, serve } from '../src/pgwire/index.js';
import { Database } from '../src/session/index.js';

interface Recorded {
  readonly client: string;
  readonly text: string;
  readonly columns: string | undefined;
  readonly error: string | undefined;
  readonly values: readonly (string | null)[];
}

/** Whole numbers were recorded in their binary form. */
function readable(value: string | null): string | null {
  if (value === null || !/^0x(?:[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{16})$/.test(value)) return value;
  return String(BigInt.asIntN(4 * (value.length - 2), BigInt(value)));
}

function read(path: string, client: string): Recorded[] {
  const found: Recorded[] = [];
  for (const block of readFileSync(path, 'utf8')
    .split(/^-- \[\d+\] /m)
    .slice(1)) {
    const [head, ...rest] = block.split('\n');
    const notes = rest.filter((line) => line.startsWith('--   -> ')).map((line) => line.slice(8));
    const text = rest
      .filter((line) => !line.startsWith('--   -> '))
      .join('\n')
      .trim()
      .replace(/;$/, '');
    const values = /values=(\[.*?\])(?: result-formats| *$)/.exec(head!)?.[1];
    if (text === '') continue;
    found.push({
      client,
      text,
      columns: notes.find((note) => !note.startsWith('ERROR')),
      error: notes.find((note) => note.startsWith('ERROR')),
      values: values ? (JSON.parse(values) as (string | null)[]).map(readable) : [],
    });
  }
  return found;
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: npm run replay -- DIR');
  process.exit(2);
}
const verbose = process.argv.includes('--verbose');
const database = await Database.open('memory:');
const table = (columns: Record<string, arrow.Vector>) => new arrow.Table(columns);
await writeTable(
  database.store,
  'hep',
  'event',
  table({
    event_id: arrow.vectorFromArray([1n], new arrow.Int64()),
    run_no: arrow.vectorFromArray([1], new arrow.Int32()),
    px: arrow.vectorFromArray([1.5], new arrow.Float64()),
    py: arrow.vectorFromArray([2.5], new arrow.Float32()),
    tag: arrow.vectorFromArray(['a'], new arrow.Utf8()),
    ok: arrow.vectorFromArray([true], new arrow.Bool()),
  }),
);
await writeTable(
  database.store,
  't',
  't',
  table({
    a: arrow.vectorFromArray([1, 2], new arrow.Int32()),
    b: arrow.vectorFromArray([2.5, null], new arrow.Float64()),
    c: arrow.vectorFromArray([1.25, null], new arrow.Float32()),
    d: arrow.vectorFromArray(['hello', null], new arrow.Utf8()),
    e: arrow.vectorFromArray([true, false], new arrow.Bool()),
  }),
);
const server = await serve(database, { ...defaultServerOptions, port: 0 }, (event) => {
  if (event.event === 'bug') console.error(event['text'], event['error']);
});
const names = new Map<number, string>();
const wanted = readdirSync(folder)
  .filter((name) => name.endsWith('.sql') && name !== 'demo-database.sql')
  .flatMap((name) => read(join(folder, name), name.replace('.sql', '')));

const connect = async () => {
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'skyhook' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
let client = await connect();
for (const row of (await client.query('select oid::int as oid, typname::text as name from pg_catalog.pg_type')).rows)
  names.set(row.oid, row.name);

names.set(18, '"char"').set(1002, '"char"[]');
const shortName = (oid: number) => (names.get(oid) ?? String(oid)).replace(/^_(.*)$/, '$1[]');
/** What a statement was sent after, where it needs it: a transaction, a savepoint, a cursor. */
async function prepareFor(text: string): Promise<void> {
  const quiet = (sql: string) => client.query(sql).catch(() => client.query('rollback; begin'));
  const savepoint = /^(?:release(?: savepoint)?|rollback to(?: savepoint)?) ([^\s;]+)/i.exec(text)?.[1];
  const cursor = /^(?:fetch|move)\b.*\b(?:from|in) (\S+)$/i.exec(text)?.[1] ?? /^close (\S+)$/i.exec(text)?.[1];
  if (!savepoint && !cursor && !/^(?:savepoint|declare)\b/i.test(text)) return;
  await quiet('begin');
  if (savepoint) await quiet(`savepoint ${savepoint}`);
  if (cursor && !/^all$/i.test(cursor)) await quiet(`declare ${cursor} cursor for select generate_series(1, 300)`);
}
let answered = 0;
const perClient = new Map<string, [number, number]>();
const reasons = new Map<string, number>();
for (const { client: who, text, columns, error, values } of wanted) {
  const count = perClient.get(who) ?? [0, 0];
  perClient.set(who, count);
  count[1]++;
  let problem: string | undefined;
  await prepareFor(text);
  try {
    const result = await client.query({ text, values: [...values], rowMode: 'array' });
    const last = Array.isArray(result) ? result.at(-1) : result;
    const shown = (last.fields as pg.FieldDef[]).map((f) => `${f.name} ${shortName(f.dataTypeID)}`).join(', ');
    const expected = columns?.replaceAll(' BINARY', '').replaceAll(/\((?:typmod|oid)[^)]*\)/g, '');
    const isColumns = expected !== undefined && !/^[A-Z ]+\d*$/.test(expected);
    if (isColumns && shown !== expected.trim()) problem = `columns: ${shown} instead of ${expected}`;
  } catch (failure) {
    const { code, message } = failure as { code?: string; message: string };
    if (!error?.includes(code ?? '!')) problem = `${code} ${message}`;
    if (client.listenerCount('end') === 0 && /terminated|closed/i.test(message)) client = await connect();
    await client.query('rollback').catch(() => undefined);
  }
  if (problem === undefined) {
    answered++;
    count[0]++;
    continue;
  }
  const reason = problem.slice(0, 100);
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  if (verbose) console.log(`${who}: ${problem}\n${text.replaceAll(/^/gm, '    ').slice(0, 1500)}\n`);
}
for (const [who, [good, all]] of perClient) console.log(`${who.padEnd(28)} ${good} of ${all}`);
console.log();
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 40))
  console.log(`${String(count).padStart(4)}  ${reason}`);
console.log(`answered ${answered} of ${wanted.length}`);
await client.end();
await server.close();
await database.close();
