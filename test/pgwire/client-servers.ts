// What the clients' scripts talk to: our server and a PostgreSQL 15 with the same roles, certificate and sample table.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readPasswords, tlsOptions, writePassword } from '../../src/pgwire/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { SkyhookServer } from '../support/skyhook-server.js';

const run = promisify(execFile);
const alice = { name: 'alice', password: 'correct horse' };

/** Columns of the sample that PostgreSQL gets too. */
const sample = ['event_id bigint', '"nMuon" bigint', '"MET_pt" real', '"Muon_pt" real[]', '"Muon_charge" integer[]'];

export class ClientServers {
  readonly skyhook: SkyhookServer;
  readonly postgres: PostgresServer | undefined;
  readonly #securePort: number;
  readonly #folder: string;

  private constructor(
    skyhook: SkyhookServer,
    postgres: PostgresServer | undefined,
    securePort: number,
    folder: string,
  ) {
    this.skyhook = skyhook;
    this.postgres = postgres;
    this.#securePort = securePort;
    this.#folder = folder;
  }

  static async start(): Promise<ClientServers> {
    const folder = await mkdtemp(join(tmpdir(), 'skyhook-clients-'));
    const [key, cert, roles] = [join(folder, 'key.pem'), join(folder, 'cert.pem'), join(folder, 'roles')];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names];
    await run('openssl', [...request, '-keyout', key, '-out', cert]);
    await writePassword(roles, alice.name, alice.password);
    const skyhook = await SkyhookServer.start({ sample: true });
    const secure = await skyhook.listen({
      auth: 'scram-sha-256',
      passwords: () => readPasswords(roles),
      tls: tlsOptions(await readFile(cert), await readFile(key)),
    });
    const postgres = await startPostgres({ tls: { key, cert }, withPassword: [alice.name, 'mallory'] });
    if (postgres) await furnish(postgres, skyhook, folder);
    return new ClientServers(skyhook, postgres, secure.port, folder);
  }

  /** What each script is told: the port where all are trusted, the one with TLS and passwords, and the certificate. */
  argumentsOf(which: 'skyhook' | 'postgres'): string[] {
    const ports =
      which === 'skyhook' ? [this.skyhook.port, this.#securePort] : [this.postgres!.port, this.postgres!.port];
    return [...ports.map(String), join(this.#folder, 'cert.pem')];
  }

  async stop(): Promise<void> {
    await this.postgres?.stop();
    await rm(this.#folder, { recursive: true });
    await this.skyhook.stop();
  }
}

/** The same user names, database and table as ours has. */
async function furnish(postgres: PostgresServer, skyhook: SkyhookServer, folder: string): Promise<void> {
  const bin = process.env['SKYHOOK_POSTGRES_BIN'] ?? '/usr/lib/postgresql/15/bin';
  const psql = (port: number, user: string, database: string, ...commands: string[]) =>
    run(join(bin, 'psql'), [
      ...['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', database],
      ...commands.flatMap((command) => ['-c', command]),
    ]);
  await psql(
    postgres.port,
    'skyhook',
    'postgres',
    'create role tester superuser login',
    `create role ${alice.name} superuser login password '${alice.password}'`,
    'create database skyhook owner tester',
  );
  const file = join(folder, 'events.copy');
  const columns = sample.map((column) => column.split(' ')[0]).join(', ');
  await psql(skyhook.port, 'tester', 'skyhook', `\\copy (select ${columns} from aod."Events") to '${file}'`);
  await psql(
    postgres.port,
    'tester',
    'skyhook',
    'create schema aod',
    `create table aod."Events" (${sample.join(', ')})`,
    `\\copy aod."Events" from '${file}'`,
  );
}
