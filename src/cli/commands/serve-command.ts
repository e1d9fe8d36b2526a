// `skyhook serve` and `skyhook passwd`.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { text as readAll } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { fail } from '../../core/index.js';
import { examples, withDatabase } from '../command-context.js';
import { sampleFile } from '../sample-file.js';

interface ServeFlags {
  readonly listen: { readonly host: string; readonly port: number };
  readonly auth: 'trust' | 'scram-sha-256';
  readonly passwordFile?: string;
  readonly accessFile?: string;
  readonly insecureTrust?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsRequired?: boolean;
  readonly maxConnections: number;
  readonly maxMessage: number;
  readonly drain: number;
  readonly logLevel: LogLevel;
  readonly sample?: boolean;
}

const logLevels = ['none', 'error', 'info'] as const;
type LogLevel = (typeof logLevels)[number];
const serious = new Set(['bug', 'refused']);

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`A whole number from ${least} to ${most} is expected.`);
    return value;
  };
}

/** `HOST:PORT`, `PORT`, `[::1]:PORT`. */
function address(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]:|([^:]+):)?(\d+)$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65535) throw new InvalidArgumentError('HOST:PORT is expected.');
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('answer PostgreSQL clients: psql, drivers, BI tools')
    .addOption(
      new Option('-l, --listen <address>', 'HOST:PORT, or a port of loopback')
        .argParser(address)
        .default({ host: '127.0.0.1', port: 5433 }, '127.0.0.1:5433'),
    )
    .addOption(new Option('--auth <method>', 'who may come in').choices(['trust', 'scram-sha-256']).default('trust'))
    .option('--password-file <path>', 'roles and their passwords, written by skyhook passwd')
    .option('--access-file <path>', 'who may come in from where, and read or change which datasets')
    .option('--insecure-trust', 'listen beyond loopback without authentication')
    .option('--tls-cert <path>', 'certificate chain, PEM')
    .option('--tls-key <path>', 'its key, PEM')
    .option('--tls-required', 'refuse clients that do not speak TLS')
    .option('--max-connections <n>', 'clients at once', whole(1, 100_000), 100)
    .option('--max-message <bytes>', 'longest message of a client', whole(10_000, 2 ** 30), 64 << 20)
    .option('--drain <seconds>', 'how long statements may finish after SIGTERM', whole(0, 3600), 10)
    .addOption(new Option('--log-level <level>', 'lines of JSON on standard error').choices(logLevels).default('info'))
    .option('--sample', 'ingest the bundled sample as dataset aod if the store is empty, and print how to begin')
    .addHelpText(
      'after',
      examples(
        'skyhook serve',
        'skyhook serve --listen 6543 --access-file access',
        'skyhook passwd roles alice && skyhook serve --listen 0.0.0.0:5433 --auth scram-sha-256 --password-file roles --tls-cert cert.pem --tls-key key.pem',
      ),
    )
    .action(async (flags: ServeFlags, command: Command) => {
      const wire = await import('../../pgwire/index.js');
      const tls = await tlsOf(flags, wire.tlsOptions);
      await withDatabase(command, async (database) => {
        if (flags.sample && (await database.catalog.datasetNames()).length === 0) {
          await database.ingest('aod', [sampleFile]);
          console.log('The store was empty: samples/events.root is now dataset "aod".');
        }
        void database.engine.warm().catch(() => undefined);
        const { passwordFile, accessFile } = flags;
        const server = await wire.serve(
          database,
          {
            ...wire.defaultServerOptions,
            ...flags.listen,
            auth: flags.auth,
            ...(passwordFile !== undefined && { passwords: () => wire.readPasswords(passwordFile) }),
            ...(accessFile !== undefined && { access: () => wire.readAccess(accessFile) }),
            ...(tls && { tls }),
            ...(flags.tlsRequired && { requireTls: true }),
            ...(flags.insecureTrust && { allowTrustEverywhere: true }),
            maxConnections: flags.maxConnections,
            maxMessageBytes: flags.maxMessage,
          },
          (event) => log(flags.logLevel, event),
        );
        // Faults of the file are told now, not at the first login.
        if (flags.auth === 'scram-sha-256') await wire.readPasswords(passwordFile!);
        if (accessFile !== undefined) await wire.readAccess(accessFile);
        if (flags.sample) greet(flags.listen.host, server.port);
        await stopSignal();
        await server.close(flags.drain * 1000);
      });
    });
}

function log(level: LogLevel, event: { readonly event: string }): void {
  if (level === 'none' || (level === 'error' && !serious.has(event.event))) return;
  console.error(JSON.stringify({ time: new Date().toISOString(), ...event }));
}

async function tlsOf<T>(
  { tlsCert, tlsKey }: ServeFlags,
  make: (cert: Buffer, key: Buffer) => T,
): Promise<T | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw fail('invalid_parameter_value', '--tls-cert and --tls-key belong together');
  const read = (path: string) =>
    readFile(path).catch((error: Error) => {
      throw fail('undefined_file', `cannot read ${path}: ${error.message}`);
    });
  const [cert, key] = await Promise.all([read(tlsCert), read(tlsKey)]);
  try {
    return make(cert, key);
  } catch (error) {
    throw fail('invalid_parameter_value', `certificate and key cannot be used: ${(error as Error).message}`);
  }
}

/** SIGTERM and SIGINT end the server; a second one ends the process. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function greet(host: string, port: number): void {
  console.log(`
Ready for PostgreSQL clients:

  psql -h ${host} -p ${port}

Three queries to try:

  SELECT count(*) FROM aod."Events";
  SELECT "nMuon", count(*), avg("MET_pt") FROM aod."Events" GROUP BY 1 ORDER BY 1;
  SELECT "Muon_pt", "MET_pt" FROM aod."Events" WHERE list_any("Muon_pt" > 50) LIMIT 10;
`);
}

export function addPasswdCommand(program: Command): void {
  program
    .command('passwd')
    .description('set the password of a role in a password file; it is read from the terminal or standard input')
    .argument('<file>', 'the password file; made if it does not exist')
    .argument('<role>', 'the name to log in with')
    .option('--remove', 'take the role out instead')
    .addHelpText('after', examples('skyhook passwd roles alice'))
    .action(async (file: string, role: string, flags: { readonly remove?: boolean }) => {
      const { writePassword } = await import('../../pgwire/index.js');
      await writePassword(file, role, flags.remove ? undefined : await askPassword(role));
    });
}

async function askPassword(role: string): Promise<string> {
  let password: string;
  if (process.stdin.isTTY) {
    // What is typed is not shown.
    process.stderr.write(`Password for ${role}: `);
    const { Writable } = await import('node:stream');
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
    password = await terminal.question('');
    terminal.close();
    process.stderr.write('\n');
  } else password = (await readAll(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') throw fail('invalid_password', 'an empty password lets nobody in');
  return password;
}
