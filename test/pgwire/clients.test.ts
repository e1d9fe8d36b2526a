// Real clients, each doing what its users do. A script per client prints what it sees, activity by activity; PostgreSQL 15 is the oracle: the
// same script must print the same there. `docs/clients.md` has the table of what was run, written by this test (vitest -u).
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.js';
import { ClientServers } from './client-servers.js';

const run = promisify(execFile);
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env['SKYHOOK_CLIENTS_PYTHON'] ?? 'python3';

/** As the table's rows are called. */
const activities = [
  'parameters',
  'temporary tables',
  'batches and pipelines',
  'cursors',
  'COPY',
  'errors inside transactions',
  'cancel and timeouts',
  'reconnect',
  'pools',
  'TLS and passwords',
  'the catalogue',
] as const;

interface Client {
  readonly name: string;
  /** Made once, before any script runs. @returns the command and its first arguments */
  readonly command: (folder: string) => Promise<readonly string[]> | readonly string[];
  /** What it needs from the system: why it cannot run, if so. */
  readonly missing: () => string | undefined;
  /** What its users do not do, or it does not offer, and why. */
  readonly without?: Readonly<Record<string, string>>;
}

function pythonLacks(modules: string): string | undefined {
  try {
    execFileSync(python, ['-c', `import ${modules}`], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `Python's ${modules} (pip install -r test/pgwire/clients/requirements.txt; SKYHOOK_CLIENTS_PYTHON)`;
  }
}

const pythonClient = (name: string, modules: string, without: Client['without'] = {}): Client => ({
  name,
  command: () => [python, '-W', 'error::DeprecationWarning', at(`clients/${name}_client.py`)],
  missing: () => pythonLacks(`psycopg2, ${modules}`),
  without,
});

const nodeClient = (name: string, without: Client['without'] = {}): Client => ({
  name,
  command: () => [process.execPath, '--import', 'tsx', at(`clients/${name}_client.ts`)],
  missing: () => undefined,
  without,
});

const jar = process.env['SKYHOOK_PGJDBC_JAR'] ?? '/usr/share/java/postgresql.jar';
const pgjdbc: Client = {
  name: 'pgjdbc',
  command: () => ['java', '-cp', jar, at('clients/JdbcClient.java')],
  missing: () =>
    [jar, '/usr/bin/javac'].every((path) => existsSync(path))
      ? undefined
      : `pgjdbc (default-jdk-headless, libpostgresql-jdbc-java; looked for ${jar})`,
  without: { pools: 'by HikariCP and its kin' },
};

const clients: readonly Client[] = [
  pgjdbc,
  nodeClient('node_postgres'),
  nodeClient('postgres_js'),
  pythonClient('psycopg2', 'psycopg2'),
  pythonClient('psycopg3', 'psycopg, psycopg_pool'),
  pythonClient('asyncpg', 'asyncpg'),
  pythonClient('sqlalchemy', 'sqlalchemy, pandas, greenlet, asyncpg, psycopg', {
    COPY: 'to_sql sends INSERTs',
    'cancel and timeouts': 'by its drivers',
  }),
  pythonClient('adbc', 'adbc_driver_postgresql, pyarrow', {
    cursors: 'results are streamed by COPY',
    pools: 'has none',
  }),
];

/** The rest of a script's lines by activity, and above them its client with the version. */
function transcriptOf(printed: string): { readonly version: string; readonly byActivity: Map<string, string> } {
  const [version = '', ...rest] = printed.split('== ');
  const byActivity = new Map(
    rest.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)] as const;
    }),
  );
  return { version: version.trim(), byActivity };
}

let servers: ClientServers;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyhook-scripts-'));
  servers = await ClientServers.start();
});
afterAll(async () => {
  // The clients have gone, and with them their connections.
  await until(() => servers.skyhook.wire.connections === 0);
  await servers.stop();
  await rm(folder, { recursive: true });
});

async function transcript(command: readonly string[], which: 'skyhook' | 'postgres') {
  const [program, ...first] = command;
  const options = { maxBuffer: 1 << 28, timeout: 280_000, env: { ...process.env, PGSSLMODE: 'disable' } };
  const { stdout, stderr } = await run(program!, [...first, ...servers.argumentsOf(which)], options).catch(
    (error: { stdout: string; stderr: string }) => ({ stdout: error.stdout, stderr: `${error.stderr}\n${error}` }),
  );
  return { ...transcriptOf(stdout), stderr };
}

const rows = new Map<string, { version: string; ran: ReadonlySet<string> }>();

describe('clients', () => {
  for (const client of clients) {
    const reason = client.missing();
    if (reason !== undefined) {
      if (process.env['CI'] === 'true') throw new Error(`missing: ${reason}`);
      console.warn(`SKIPPED: ${reason}`);
      continue;
    }
    test(client.name, async () => {
      const command = await client.command(folder);
      const ours = await transcript(command, 'skyhook');
      const ran = new Set(ours.byActivity.keys());
      expect([...ran], ours.stderr).toEqual(activities.filter((activity) => !client.without?.[activity]));
      for (const [activity, lines] of ours.byActivity)
        expect(lines, `${activity}: ${ours.stderr}`).not.toMatch(/^FAILED/m);
      if (servers.postgres) {
        const theirs = await transcript(command, 'postgres');
        for (const [activity, lines] of theirs.byActivity)
          expect(ours.byActivity.get(activity), `${activity}: ${theirs.stderr}`).toBe(lines);
        expect(theirs.byActivity.size).toBe(ran.size);
      }
      rows.set(client.name, { version: ours.version, ran });
    }, 300_000);
  }
});

test('docs/clients.md has the table of what was run', async (context) => {
  if (rows.size < clients.length) return context.skip();
  const cells = clients.map(({ name, without }) => {
    const { version, ran } = rows.get(name)!;
    return [version, ...activities.map((activity) => (ran.has(activity) ? '✓' : without![activity]!))];
  });
  const line = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
  const table = [
    line(['Client', ...activities]),
    line(['---', ...activities.map(() => '---')]),
    ...cells.map(line),
  ].join('\n');
  const file = at('../../docs/clients.md');
  const text = readFileSync(file, 'utf8');
  const between = /(<!-- clients -->\n)[\s\S]*(\n<!-- end of clients -->)/;
  expect(text).toMatch(between);
  const written = text.replace(between, (_, before: string, after: string) => before + table + after);
  await expect(written).toMatchFileSnapshot(file);
});
