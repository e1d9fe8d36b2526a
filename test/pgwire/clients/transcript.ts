// What the scripts of Node's clients print, as transcript.py does for Python's. Arguments of a script: the port where all are trusted, the port
// with TLS and passwords, the server's certificate.
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import pg from 'pg';

export const [port, securePort, certificate] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]!];
export const trusted = { host: '127.0.0.1', port, user: 'tester', database: 'skyhook' };
export const secure = {
  host: '127.0.0.1',
  port: securePort,
  user: 'alice',
  password: 'correct horse',
  database: 'skyhook',
};
export const ca = readFileSync(certificate, 'utf8');
/** Hours, if nobody ends it. */
export const slow =
  'select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a.a::int8 * b.b % 7 = 8';

/** What it does not expect is printed too. */
export async function activity(name: string, work: () => Promise<void>): Promise<void> {
  console.log(`== ${name}`);
  try {
    await work();
  } catch (error) {
    console.log('FAILED', error instanceof Error ? (error.stack ?? error.message) : error);
  }
}

export function show(...values: readonly unknown[]): void {
  const shown = values.map((value) => inspect(value, { depth: 9, breakLength: Infinity, maxArrayLength: null }));
  console.log(shown.join(' | '));
}

interface ServerError {
  readonly code?: string;
  readonly message: string;
  readonly severity?: string;
  readonly position?: string;
  readonly detail?: string;
  readonly hint?: string;
}

export function showError(error: unknown): void {
  const { code, message, severity, position } = error as ServerError;
  const plain = message.replaceAll(String(port), 'PORT').replaceAll(String(securePort), 'PORT');
  console.log('refused', severity, code, plain.split('\n')[0], position);
}

export async function refused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    return showError(error);
  }
  console.log('FAILED to fail');
}

/** Runs `work` with another connection's process number, once that runs its statement. */
export async function whenRunning(application: string, act: (client: pg.Client, pid: number) => Promise<unknown>) {
  const client = new pg.Client(trusted);
  await client.connect();
  try {
    for (let i = 0; i < 5000; i++) {
      const { rows } = await client.query(
        "select pid from pg_stat_activity where state = 'active' and application_name = $1",
        [application],
      );
      if (rows.length === 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        await act(client, rows[0].pid);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await client.end();
  }
}

export const cancel = (client: pg.Client, pid: number) => client.query('select pg_cancel_backend($1)', [pid]);
export const terminate = (client: pg.Client, pid: number) => client.query('select pg_terminate_backend($1)', [pid]);
