// `npm run replay -- DIR`: sends what real clients were seen to send (shared/pg-clients) to a server of ours, and compares names and types of the
// columns with those recorded. Prints what differs and `answered N of M`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { defaultServerOptions, serve } from '../src/pgwire/index.js';
import { Database } from '../src/session/index.js';
import { makeDemoTables } from '../test/support/demo-database.js';

interface Recorded {
  readonly client: string;
  readonly text: string;
  readonly columns: string | undefined;
  readonly error: string | undefined;
  readonly values: readonly (string | Buffer | null)[];
}

/** Values recorded in their binary form: whole numbers are sent as text, the rest as it was. */
function readable(value: string | null): string | Buffer | null {
  if (value === null || !/^0x(?:[0-9a-f]{2})*$/.test(value)) return value;
  if (![4, 8, 16].includes(value.length - 2)) return Buffer.from(value.slice(2), 'hex');
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
await makeDemoTables(database);
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

// The recorder had no name for oidvector, nor for the enum of column q, which is text here.
names.set(18, '"char"').set(1002, '"char"[]').set(30, '30').set(2202, '2202');
const enumeration = /\b16\d{3}\b/g;
const shortName = (oid: number) => (names.get(oid) ?? String(oid)).replace(/^_(.*)$/, '$1[]');
/** How a client last declared the cursors it fetches from, by client and cursor. */
const declarations = new Map<string, string>();

/** Makes what a statement was sent after: a transaction, savepoints, cursors, prepared statements. What it makes itself is left to it. */
async function prepareFor(who: string, text: string): Promise<void> {
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].map((m) => m[1]!);
  const savepoints = names(/\b(?:release|rollback to)(?: savepoint)? ([^\s;]+)/gi);
  const cursors = names(/\b(?:(?:fetch|move)\b[^;]*?\b(?:from|in)|close) ([^\s;]+)/gi).filter(
    (name) => !/^all$/i.test(name),
  );
  const prepared = names(/\bdeallocate ([^\s;]+)/gi).filter((name) => !/^all$/i.test(name));
  if (savepoints.length + cursors.length + prepared.length === 0 && !/\b(?:savepoint|declare)\b/i.test(text)) return;
  const declared = new Set(names(/\bdeclare\s+(\S+)/gi));
  await client.query('rollback; close all; deallocate all; begin');
  for (const name of prepared) await client.query(`prepare ${name} as select 1`);
  for (const name of savepoints) await client.query(`savepoint ${name}`);
  for (const name of cursors)
    if (!declared.has(name))
      await client.query(
        declarations.get(`${who} ${name}`) ?? `declare ${name} scroll cursor for select generate_series(1, 300)`,
      );
}
let answered = 0;
let connected: string | undefined;
const perClient = new Map<string, [number, number]>();
const reasons = new Map<string, number>();
for (const { client: who, text, columns, error, values } of wanted) {
  const count = perClient.get(who) ?? [0, 0];
  perClient.set(who, count);
  count[1]++;
  let problem: string | undefined;
  if (who !== connected) {
    // What one client sets must not reach the next.
    await client.end();
    client = await connect();
    connected = who;
  }
  await prepareFor(who, text);
  for (const [declaration, name] of text.matchAll(/\bdeclare\s+(\S+)\s[^;]*/gi))
    declarations.set(`${who} ${name}`, declaration);
  try {
    const result = await client.query({ text, values: [...values], rowMode: 'array' });
    // Of several statements the one with columns was recorded.
    const answers = Array.isArray(result) ? result : [result];
    let last = answers.findLast((r) => r.fields.length > 0) ?? answers.at(-1);
    // A cursor's columns were recorded with its declaration: the client described the portal of its name.
    const cursor = /^\s*declare\s+(\S+)[^;]*$/i.exec(text)?.[1];
    if (cursor !== undefined && columns !== undefined) last = await client.query(`fetch 0 from ${cursor}`);
    const shown = (last.fields as pg.FieldDef[]).map((f) => `${f.name} ${shortName(f.dataTypeID)}`).join(', ');
    const expected = columns
      ?.replaceAll(' BINARY', '')
      .replaceAll(/\((?:typmod|oid)[^)]*\)/g, '')
      .replaceAll(enumeration, 'text');
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
