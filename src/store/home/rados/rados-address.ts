// `rados://POOL[/NAMESPACE][?…]`: which pool of which cluster, and as whom.
import { fail } from '../../../core/index.js';

export interface RadosAddress {
  readonly pool: string;
  /** '' is the pool's default namespace. */
  readonly namespace: string;
  /** Where `ceph.conf` is; by default what Ceph's own tools take. */
  readonly conf: string | undefined;
  /** `admin` for `client.admin`. */
  readonly id: string;
  readonly keyring: string | undefined;
  readonly cluster: string;
  /** Seconds until an operation that is not answered fails; 0 waits for ever. By default ceph.conf's, or 60. */
  readonly timeout: number | undefined;
  /** Which copy of a partition is read: the first, any, or one nearby. */
  readonly reads: ReadsFrom;
}

const readsFrom = ['primary', 'balance', 'localize'] as const;
export type ReadsFrom = (typeof readsFrom)[number];

const form = 'rados://POOL, rados://POOL/NAMESPACE; parameters: conf, id, keyring, cluster, timeout, reads';

/**
 * `environment` is asked for `CEPH_ARGS` as Ceph's tools do: `--id`, `--name`, `--conf`, `--cluster` there stand where the URL does not
 * say otherwise. librados itself reads the rest of it, and `CEPH_CONF`.
 * @throws DiagnosticError invalid_parameter_value
 */
export function parseRadosUrl(url: string, environment: NodeJS.ProcessEnv = process.env): RadosAddress {
  const wrong = (what: string) => fail('invalid_parameter_value', `store "${url}" ${what}`, { hint: form });
  const parts = /^rados:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(url);
  if (!parts) throw wrong('is not of the form rados://POOL');
  const decoded = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw wrong(`has "${text}", which is not percent-encoded text`);
    }
  };
  const pool = decoded(parts[1]!);
  if (pool === '') throw wrong('names no pool');
  const namespace = decoded(parts[2] ?? '');
  for (const text of [pool, namespace]) if (text.includes('\0')) throw wrong('has a NUL in a name');

  const given = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(parts[3] ?? '')) {
    if (!['conf', 'id', 'keyring', 'cluster', 'timeout', 'reads'].includes(key))
      throw wrong(`has the unknown parameter "${key}"`);
    if (value === '') throw wrong(`has no value for the parameter "${key}"`);
    given.set(key, value);
  }
  const seconds = given.get('timeout');
  if (seconds !== undefined && !(Number(seconds) >= 0 && Number(seconds) <= 86_400))
    throw wrong(`has timeout=${seconds}, which is no number of seconds`);
  const reads = given.get('reads') ?? 'primary';
  if (!isReadsFrom(reads)) throw wrong(`has reads=${reads}; known are ${readsFrom.join(', ')}`);

  const defaults = argumentsOf(environment['CEPH_ARGS'] ?? '');
  return {
    pool,
    namespace,
    conf: given.get('conf') ?? defaults.conf,
    id: (given.get('id') ?? defaults.id ?? 'admin').replace(/^client\./, ''),
    keyring: given.get('keyring'),
    cluster: given.get('cluster') ?? defaults.cluster ?? 'ceph',
    timeout: seconds === undefined ? undefined : Number(seconds),
    reads,
  };
}

const isReadsFrom = (text: string): text is ReadsFrom => readsFrom.some((known) => known === text);

interface EarlyArguments {
  conf?: string;
  id?: string;
  cluster?: string;
}

const earlyArguments: Readonly<Record<string, keyof EarlyArguments>> = {
  '--id': 'id',
  '-i': 'id',
  '--user': 'id',
  '--name': 'id',
  '-n': 'id',
  '--conf': 'conf',
  '-c': 'conf',
  '--cluster': 'cluster',
};

/** What has to be known before librados looks at the rest of `CEPH_ARGS` for itself. */
function argumentsOf(text: string): EarlyArguments {
  const words = text.split(/\s+/);
  const found: EarlyArguments = {};
  for (const [w, word] of words.entries()) {
    const [option, value] = word.includes('=')
      ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
      : [word, words[w + 1]];
    const key = Object.hasOwn(earlyArguments, option) ? earlyArguments[option] : undefined;
    if (key && value) found[key] = value;
  }
  return found;
}
