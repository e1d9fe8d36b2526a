// A private PostgreSQL 15 for tests that ask a real server: a free port, a temporary folder, gone afterwards.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export interface PostgresServer {
  readonly port: number;
  /** A connected client whose values arrive as PostgreSQL's own text. */
  connect(): Promise<pg.Client>;
  stop(): Promise<void>;
}

const bin = process.env['SKYHOOK_POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';

/** A server refuses to run as root, so that a root user lends it the account its package made. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

export interface PostgresOptions {
  /** Paths of PEM files: TLS is spoken. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Who needs a password (SCRAM-SHA-256). All others come in without. */
  readonly withPassword?: readonly string[];
}

/**
 * `undefined`, and a line that says so, where PostgreSQL 15 is not installed.
 * @throws Error there too where CI is set: a check that does not run must not pass
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer | undefined> {
  if (!existsSync(join(bin, 'postgres'))) {
    const message = `PostgreSQL 15 is missing (looked in ${bin}; install postgresql-15 or set SKYHOOK_POSTGRES_BIN)`;
    if (process.env['CI'] === 'true') throw new Error(message);
    console.warn(`SKIPPED: ${message}`);
    return undefined;
  }
  const account = owner();
  const folder = mkdtempSync(join(tmpdir(), 'skyhook-postgres-'));
  const data = join(folder, 'data');
  try {
    if (account) chownSync(folder, account.uid, account.gid);
    // Text is compared by code point, as ours is; letters are Unicode's.
    const init = ['-D', data, '-U', 'skyhook', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
    const made = spawnSync(join(bin, 'initdb'), [...init, '--lc-collate=C', '--lc-ctype=C.UTF-8'], {
      ...account,
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], TZ: 'UTC', LC_MESSAGES: 'C' },
    });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const rules = (options.withPassword ?? []).map((role) => `host all ${role} 127.0.0.1/32 scram-sha-256\n`);
    if (rules.length > 0)
      writeFileSync(join(data, 'pg_hba.conf'), [...rules, 'host all all 127.0.0.1/32 trust\n'].join(''));
    if (options.tls) lendKeys(options.tls, data, account);
    const port = await freePort();
    const settings = {
      fsync: 'off',
      timezone: 'UTC',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      ssl: options.tls ? 'on' : 'off',
    };
    const server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
      { ...account, cwd: folder, stdio: 'ignore' },
    );
    await ready(server, port);
    return {
      port,
      connect: () => connect(port),
      stop: async () => {
        await ended(server);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server takes only a key that nobody else can read. */
function lendKeys(tls: { key: string; cert: string }, data: string, account: { uid: number; gid: number } | undefined) {
  for (const [from, name] of [
    [tls.key, 'server.key'],
    [tls.cert, 'server.crt'],
  ] as const) {
    const to = join(data, name);
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    if (account) chownSync(to, account.uid, account.gid);
  }
}

async function connect(port: number): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'skyhook',
    database: 'postgres',
    types: { getTypeParser: () => (value: unknown) => value },
  });
  // The server goes away under the client when a suite stops it.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function ready(server: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + 100_000;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`postgres ended at once (${server.exitCode})`);
    try {
      const client = await connect(port);
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        await ended(server);
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** SIGQUIT: nothing in it is worth a checkpoint. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGQUIT');
  await gone;
}
