// `npm run bench -- wire [SECONDS]`: our server (the built command, over a store in a folder) and PostgreSQL 15, asked alternately by the same clients:
// the rate of `select 1` by pgbench, and the time of a million rows by psql, COPY, node-postgres and ADBC.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../../test/support/postgres.js';
import { ServedProcess } from '../../test/support/served-process.js';

const bin = process.env['SKYHOOK_POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
const rounds = 5;
const seconds = Number(process.argv[2] ?? 2);
const folder = mkdtempSync(join(tmpdir(), 'skyhook-wire-'));
const run = promisify(execFile);

interface Peer {
  readonly name: 'ours' | 'PostgreSQL';
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** The same rows in both: int, float8, float4, text, bool. */
const rowsOfTable = (
  n: number,
) => `select i::int4 as id, i / 7::float8 as x, (i % 100003)::real / 3 as y, 'event ' || i as label, i % 3 = 0 as good
from generate_series(1, ${n}) as g(i)`;
const query = 'select id, x, y, label, good from bench.t';

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function client(peer: Peer): Promise<pg.Client> {
  const { port, user, database } = peer;
  const found = new pg.Client({ host: '127.0.0.1', port, user, database });
  await found.connect();
  return found;
}

const login = ({ port, user }: Peer) => ['-h', '127.0.0.1', '-p', String(port), '-U', user];

async function rate(peer: Peer, mode: string, clients: number): Promise<number> {
  const args = [
    ...login(peer),
    '-n',
    '-M',
    mode,
    '-c',
    String(clients),
    '-T',
    String(seconds),
    '-f',
    join(folder, 'one.sql'),
  ];
  const { stdout } = await run(join(bin, 'pgbench'), [...args, peer.database]);
  if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(stdout);
  return Number(/tps = ([\d.]+)/.exec(stdout)![1]);
}

/** What a client prints, as a hash; so that nobody is fast by being wrong. */
async function psql(peer: Peer, command: string): Promise<string> {
  const child = spawn(join(bin, 'psql'), [...login(peer), '-X', '-d', peer.database, '-qAtc', command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const hash = createHash('md5');
  for await (const chunk of child.stdout) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const adbcProgram = `import sys, hashlib, adbc_driver_postgresql.dbapi as dbapi
with dbapi.connect(sys.argv[1]) as connection, connection.cursor() as cursor:
    cursor.execute(sys.argv[2])
    table = cursor.fetch_arrow_table()
    print(table.num_rows, table.column(1)[-1], table.column(3)[-1])
`;

const python = process.env['SKYHOOK_PYTHON'] ?? 'python3';

function hasAdbc(): boolean {
  try {
    execFileSync(python, ['-c', 'import adbc_driver_postgresql, pyarrow'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const fetches: Readonly<Record<string, (peer: Peer) => Promise<string>>> = {
  'psql -qAtc': (peer) => psql(peer, query),
  'COPY text': (peer) => psql(peer, `copy (${query}) to stdout`),
  'COPY csv': (peer) => psql(peer, `copy (${query}) to stdout (format csv)`),
  'COPY binary': (peer) => psql(peer, `copy (${query}) to stdout (format binary)`),
  'node-postgres': async (peer) => {
    const connection = await client(peer);
    const { rows } = await connection.query(query);
    await connection.end();
    return JSON.stringify([rows.length, rows.at(-1)]);
  },
  ...(hasAdbc() && {
    ADBC: async ({ port, user, database }) =>
      (await run(python, ['-c', adbcProgram, `postgresql://${user}@127.0.0.1:${port}/${database}`, query])).stdout,
  }),
};

const row = (name: string, ours: string, theirs: string, ratio: number) =>
  console.log(`${name.padEnd(26)}${ours.padStart(12)}${theirs.padStart(14)}${ratio.toFixed(2).padStart(8)}`);

const postgres = await startPostgres();
if (!postgres) process.exit(1);
const profile = process.env['SKYHOOK_BENCH_PROFILE'];
const server = await ServedProcess.start(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []);
try {
  const ours: Peer = { name: 'ours', port: server.port, user: 'bench', database: 'skyhook' };
  const theirs: Peer = { name: 'PostgreSQL', port: postgres.port, user: 'skyhook', database: 'postgres' };
  writeFileSync(join(folder, 'one.sql'), 'select 1;\n');
  const only = process.argv[3];
  const wanted = (name: string) => only === undefined || name.includes(only);

  console.log(
    `select 1 by pgbench, ${seconds} s × ${rounds} alternately, medians of statements a second; ratio: ours / PostgreSQL`,
  );
  console.log(`${''.padEnd(26)}${'ours'.padStart(12)}${'PostgreSQL'.padStart(14)}${'ratio'.padStart(8)}`);
  for (const mode of ['simple', 'extended', 'prepared'])
    for (const clients of [1, 8]) {
      const name = `${mode}, ${clients} client${clients > 1 ? 's' : ''}`;
      if (!wanted(name)) continue;
      const rates = { ours: [] as number[], theirs: [] as number[] };
      for (let i = 0; i < rounds; i++) {
        rates.ours.push(await rate(ours, mode, clients));
        rates.theirs.push(await rate(theirs, mode, clients));
      }
      const [a, b] = [median(rates.ours), median(rates.theirs)];
      row(name, a.toFixed(0), b.toFixed(0), a / b);
    }

  const names = Object.keys(fetches).filter(wanted);
  if (names.length > 0) {
    for (const peer of [ours, theirs]) {
      const connection = await client(peer);
      await connection.query('create schema bench');
      await connection.query(`create table bench.t as ${rowsOfTable(1_000_000)}`);
      await connection.end();
    }
    console.log(`\na million rows × 5 columns (int, float8, float4, text, bool), medians of ${rounds}; ratio of times`);
    for (const name of names) {
      const times = { ours: [] as number[], theirs: [] as number[] };
      for (let i = 0; i <= rounds; i++) {
        const answers: string[] = [];
        for (const peer of [ours, theirs]) {
          const started = performance.now();
          answers.push(await fetches[name]!(peer));
          // The first is for warming up.
          if (i > 0) times[peer === ours ? 'ours' : 'theirs'].push(performance.now() - started);
        }
        if (answers[0] !== answers[1]) throw new Error(`${name}: answers differ: ${answers.join(' ')}`);
      }
      const [a, b] = [median(times.ours), median(times.theirs)];
      row(name, `${a.toFixed(0)} ms`, `${b.toFixed(0)} ms`, a / b);
    }
    if (!('ADBC' in fetches)) console.log('ADBC: not measured (pip install adbc-driver-postgresql pyarrow)');
  }
} finally {
  await server.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
