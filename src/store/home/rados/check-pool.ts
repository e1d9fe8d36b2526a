// `skyhook ceph check`: whether a pool can hold datasets, whether its storage daemons run fragments, and what will be done without.
import { DiagnosticError } from '../../../core/index.js';
import { parseRadosUrl } from './rados-address.js';
import { RadosConnection } from './rados-connection.js';
import { classRefusal, RadosError } from './rados-failure.js';
import { callClass, isClassAllowed, RadosStore } from './rados-store.js';

export interface Finding {
  /** `warning`: it works, but not as well as it could. */
  readonly state: 'ok' | 'warning' | 'failed';
  readonly what: string;
  readonly hint?: string;
}

interface OsdDump {
  readonly pools: readonly {
    readonly pool_name: string;
    /** 1 replicated, 3 erasure-coded. */
    readonly type: number;
    readonly size: number;
    readonly min_size: number;
    readonly application_metadata: Readonly<Record<string, unknown>>;
    readonly flags_names: string;
  }[];
  readonly osds: readonly { readonly osd: number; readonly up: number; readonly in: number }[];
}

const erasureCoded = 3;
/** Objects that are tried, to find one on each daemon. */
const probesPerDaemon = 16;

/** In the order in which they were found; a failure is the last. */
export async function* checkPool(url: string): AsyncGenerator<Finding> {
  const address = parseRadosUrl(url);
  let connection: RadosConnection;
  try {
    connection = await RadosConnection.open(address);
  } catch (error) {
    yield failed(error);
    return;
  }
  try {
    yield { state: 'ok', what: `connected as client.${address.id}; pool "${address.pool}" is there` };
    let pushable = true;
    let daemons: readonly number[] = [];
    try {
      const dump = (await connection.cluster.monitorCommand({ prefix: 'osd dump' })) as OsdDump;
      const pool = dump.pools.find((p) => p.pool_name === address.pool)!;
      pushable = pool.type !== erasureCoded;
      daemons = dump.osds.filter((osd) => osd.up === 1 && osd.in === 1).map(({ osd }) => osd);
      yield pushable
        ? {
            state: 'ok',
            what: `replicated, ${pool.size} copies; ${daemons.length} of ${dump.osds.length} storage daemons are up`,
          }
        : {
            state: 'warning',
            what: 'erasure-coded: fragments cannot run in its storage daemons; the kernel runs at the client',
            hint: 'a replicated pool pushes queries down',
          };
      if (pool.flags_names.includes('full'))
        yield { state: 'warning', what: 'the pool is full: datasets can be read, not written' };
      if (!('skyhook' in pool.application_metadata))
        yield {
          state: 'warning',
          what: 'the pool is not marked as used by Skyhook',
          hint: `ceph osd pool application enable ${address.pool} skyhook`,
        };
    } catch (error) {
      if (!(error instanceof RadosError)) throw error;
      yield {
        state: 'warning',
        what: `the monitors do not say what kind of pool it is: ${error.message}`,
        hint: 'capability mon "allow r"',
      };
    }
    yield* checkRights(url);
    if (pushable) yield* checkClass(connection, url, address.id, daemons, address.namespace, address.pool);
  } finally {
    await connection.close();
  }
}

const failed = (error: unknown): Finding => {
  if (!(error instanceof DiagnosticError)) throw error;
  const { message, hint } = error.diagnostic;
  return { state: 'failed', what: message, ...(hint !== undefined && { hint }) };
};

const probe = (n: number) => `check/${process.pid}-${n}`;
const content = new Uint8Array([1, 2, 3]);

async function* checkRights(url: string): AsyncGenerator<Finding> {
  const store = await RadosStore.open(url);
  try {
    await store.stat(probe(0));
    yield { state: 'ok', what: 'objects can be read' };
    await store.write(probe(0), content);
    await store.delete(probe(0));
    yield { state: 'ok', what: 'objects can be written' };
  } catch (error) {
    const finding = failed(error);
    const readOnly = error instanceof DiagnosticError && error.diagnostic.condition === 'read_only_sql_transaction';
    yield readOnly
      ? { ...finding, state: 'warning', what: 'this key may read only: datasets can be queried, not ingested' }
      : finding;
  } finally {
    await store.close();
  }
}

/** Asks the class on every daemon, by an object that is there. */
async function* checkClass(
  connection: RadosConnection,
  url: string,
  id: string,
  daemons: readonly number[],
  namespace: string,
  pool: string,
): AsyncGenerator<Finding> {
  const store = await RadosStore.open(url);
  const written: string[] = [];
  const answers = new Map<number, string>();
  try {
    for (let n = 0; n < probesPerDaemon * daemons.length && answers.size < daemons.length; n++) {
      const name = probe(n);
      const command = { prefix: 'osd map', pool, object: name, nspace: namespace };
      const { acting_primary: daemon } = (await connection.cluster.monitorCommand(command)) as {
        acting_primary: number;
      };
      if (answers.has(daemon)) continue;
      written.push(name);
      await store.write(name, content);
      answers.set(daemon, await classOf(connection, name, id));
    }
  } catch (error) {
    if (!(error instanceof RadosError || error instanceof DiagnosticError)) throw error;
    yield { state: 'warning', what: `the class of the storage daemons could not be asked: ${error.message}` };
    return;
  } finally {
    for (const name of written) await store.delete(name).catch(() => undefined);
    await store.close();
  }
  for (const answer of new Set(answers.values())) {
    const those = [...answers].filter(([, a]) => a === answer).map(([daemon]) => `osd.${daemon}`);
    const where = those.length === daemons.length ? 'all storage daemons' : those.join(', ');
    if (answer.startsWith('{')) {
      const { class: version, fragment } = JSON.parse(answer) as { class: string; fragment: number };
      yield {
        state: 'ok',
        what: `the class runs on ${where}: version ${version}, fragments up to version ${fragment}`,
      };
    } else
      yield {
        state: 'warning',
        what: `${where}: ${answer}; the kernel runs at the client`,
        hint: 'docs/ceph.md says how the class is installed',
      };
  }
  const silent = daemons.filter((daemon) => !answers.has(daemon));
  if (silent.length > 0)
    yield {
      state: 'ok',
      what: `not asked, as no object of the pool goes there: ${silent.map((osd) => `osd.${osd}`).join(', ')}`,
    };
}

async function classOf(connection: RadosConnection, object: string, id: string): Promise<string> {
  const signal = AbortSignal.timeout(10_000);
  try {
    const answer = await callClass(connection, object, 'version', new Uint8Array(1), 0, signal);
    return new TextDecoder().decode(answer);
  } catch (error) {
    if (!(error instanceof RadosError)) throw error;
    return classRefusal(error, id, error.denied ? await isClassAllowed(connection, object, signal) : undefined).text;
  }
}
