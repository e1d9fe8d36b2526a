// `skyhook ceph init`: a pool for datasets, and a key that may use it and nothing else. What is there already stays.
import { chmod, writeFile } from 'node:fs/promises';
import { fail } from '../../../core/index.js';
import { parseRadosUrl } from './rados-address.js';
import { RadosCluster } from './rados-cluster.js';
import { RadosError } from './rados-failure.js';

export interface InitOptions {
  /** Copies of each object; the cluster's default. */
  readonly copies?: number | undefined;
  readonly placementGroups?: number | undefined;
  /** Makes `client.USER` with rights on the pool (and namespace) alone. */
  readonly user?: string | undefined;
  /** That key may query, not ingest. */
  readonly readOnly?: boolean | undefined;
  /** Where the key is written; readable by its owner alone. */
  readonly keyring?: string | undefined;
}

/** Says what was done, line by line. @throws DiagnosticError what connecting throws; insufficient_privilege, io_error */
export async function* initPool(url: string, options: InitOptions): AsyncGenerator<string> {
  const { pool, namespace, id } = parseRadosUrl(url);
  const cluster = await RadosCluster.open(parseRadosUrl(url));
  const command = async (what: string, text: Readonly<Record<string, unknown>>): Promise<unknown> => {
    try {
      return await cluster.monitorCommand(text);
    } catch (error) {
      if (!(error instanceof RadosError)) throw error;
      if (error.denied)
        throw fail('insufficient_privilege', `client.${id} may not ${what}`, {
          hint: 'use client.admin, or a key with mon "allow *"',
        });
      throw fail('io_error', `cannot ${what}: ${error.message}`, { cause: error });
    }
  };
  try {
    const pools = (await command('list pools', { prefix: 'osd pool ls' })) as readonly string[];
    if (pools.includes(pool)) yield `pool "${pool}" is there already`;
    else {
      const { copies, placementGroups } = options;
      await command(`create pool "${pool}"`, {
        prefix: 'osd pool create',
        pool,
        pool_type: 'replicated',
        ...(placementGroups !== undefined && { pg_num: placementGroups }),
        ...(copies !== undefined && { size: copies }),
      });
      yield `pool "${pool}" made`;
    }
    await command(`mark pool "${pool}"`, { prefix: 'osd pool application enable', pool, app: 'skyhook' });
    if (options.user === undefined) return;
    const entity = `client.${options.user.replace(/^client\./, '')}`;
    const where = `pool=${pool}${namespace === '' ? '' : ` namespace=${namespace}`}`;
    const caps = ['mon', 'allow r', 'osd', `allow ${options.readOnly ? 'rx' : 'rwx'} ${where}`];
    const made = (await command(`make the key of ${entity}`, { prefix: 'auth get-or-create', entity }).catch(
      () => undefined,
    )) as readonly { readonly key: string }[] | undefined;
    await command(`give rights to ${entity}`, { prefix: 'auth caps', entity, caps });
    yield `${entity} may ${options.readOnly ? 'read' : 'use'} ${where} and run fragments there`;
    if (options.keyring === undefined) return;
    const [{ key }] = (made ?? (await command(`read the key of ${entity}`, { prefix: 'auth get', entity }))) as [
      { key: string },
    ];
    await writeFile(options.keyring, `[${entity}]\n\tkey = ${key}\n`, { mode: 0o600 });
    await chmod(options.keyring, 0o600);
    yield `key written to ${options.keyring}`;
  } finally {
    await cluster.close();
  }
}
