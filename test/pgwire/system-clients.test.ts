// psqlODBC against a live server, as Debian packages it (unixodbc, odbc-postgresql).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';

function has(what: string, ...paths: readonly string[]): boolean {
  if (paths.every((path) => existsSync(path))) return true;
  const message = `${what} is missing (looked for ${paths.join(', ')})`;
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(`SKIPPED: ${message}`);
  return false;
}

let database: Database;
let server: WireServer;
let folder: string;
const bugs: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-clients-'));
  database = await Database.open('memory:');
  await database.ingest('aod', [fileURLToPath(new URL('../../samples/events.root', import.meta.url))]);
  server = await serve(database, { ...defaultServerOptions, port: 0 }, (event) => {
    if (event.event === 'bug') bugs.push(event);
  });
});
afterAll(async () => {
  await server.close();
  await database.close();
  await rm(folder, { recursive: true });
  expect(bugs).toEqual([]);
});

test.runIf(has('isql', '/usr/bin/isql', '/etc/odbcinst.ini'))(
  'psqlODBC by isql: rows, tables of its own, errors',
  async () => {
    const settings = ['Driver=PostgreSQL Unicode', 'Servername=127.0.0.1', `Port=${server.port}`, 'Database=skyhook'];
    await writeFile(join(folder, 'odbc.ini'), ['[skyhook]', ...settings, 'Username=tester', ''].join('\n'));
    const isql = spawn('isql', ['skyhook', '-b', '-v', '-d|'], {
      env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', ODBCINI: join(folder, 'odbc.ini') },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    isql.stdin.end(
      [
        `select 1 as a, 2.5::float8 as b, null::int as c, 'ä' as d, date '2024-02-29' as e`,
        'select count(*) from aod."Events"',
        'create temp table t (a int)',
        'insert into t values (1), (2)',
        'select sum(a) from t',
        'select nope',
        'select 42',
        '',
      ].join('\n'),
    );
    const [out, errors] = await Promise.all([text(isql.stdout), text(isql.stderr)]);
    const lines = out.split('\n');
    expect(lines).toContain('1|2.5||ä|2024-02-29');
    for (const value of ['2000', '3', '42']) expect(lines).toContain(value);
    expect(out + errors).toContain('[42703]ERROR: column "nope" does not exist');
  },
);
