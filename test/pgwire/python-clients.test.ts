// Python's clients against a live server: psycopg2, psycopg 3, asyncpg, SQLAlchemy with pandas, ADBC. Each script does what the client's users do and
// ends with `ok`. SKYHOOK_CLIENTS_PYTHON is a Python that has `clients/requirements.txt`; .ci/run makes one.
import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultServerOptions, serve, type WireServer } from '../../src/pgwire/index.js';
import { Database } from '../../src/session/index.js';
import { until } from '../support/until.js';

const python = process.env['SKYHOOK_CLIENTS_PYTHON'] ?? 'python3';
const modules = 'adbc_driver_postgresql, asyncpg, pandas, psycopg, psycopg2, pyarrow, sqlalchemy';

function hasClients(): boolean {
  try {
    execFileSync(python, ['-c', `import ${modules}`], { stdio: 'ignore' });
    return true;
  } catch {
    const message = `Python's clients are missing (pip install -r test/pgwire/clients/requirements.txt; SKYHOOK_CLIENTS_PYTHON)`;
    if (process.env['CI'] === 'true') throw new Error(message);
    console.warn(`SKIPPED: ${message}`);
    return false;
  }
}

let database: Database;
let server: WireServer;
const bugs: unknown[] = [];

beforeAll(async () => {
  database = await Database.open('memory:');
  await database.ingest('aod', [fileURLToPath(new URL('../../samples/events.root', import.meta.url))]);
  server = await serve(database, { ...defaultServerOptions, port: 0 }, (event) => {
    if (event.event === 'bug') bugs.push(event);
  });
});
afterAll(async () => {
  await server.close();
  await database.close();
  expect(bugs).toEqual([]);
});

test.runIf(hasClients()).each(['psycopg2', 'psycopg3', 'asyncpg', 'sqlalchemy', 'adbc'])(
  '%s',
  async (client) => {
    const script = fileURLToPath(new URL(`clients/${client}_client.py`, import.meta.url));
    const { stdout } = await promisify(execFile)(python, [
      '-W',
      'error::DeprecationWarning',
      script,
      String(server.port),
    ]);
    expect(stdout).toBe('ok\n');
    // The clients have gone, and with them their connections.
    await until(() => server.connections === 0);
  },
  180_000,
);
