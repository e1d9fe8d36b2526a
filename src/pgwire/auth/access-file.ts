// Who may come in from where, and what roles may do: one rule a line. The server reads the file anew for each login.
//
//     allow alice, bob from 10.0.0.0/8 with tls     # the first rule that fits decides; where there are any and none fits: refused
//     refuse * from *
//     grant read on aod, "My data" to *
//     grant write on aod to alice                   # write includes read
import { readFile, stat } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';
import { fail } from '../../core/index.js';
import type { Rights } from '../../session/index.js';

/** Names, or all: `*`. */
type Names = ReadonlySet<string> | '*';

interface DoorRule {
  readonly allow: boolean;
  readonly roles: Names;
  readonly from: BlockList | '*';
  readonly tls?: boolean;
}

interface Grant {
  readonly write: boolean;
  readonly datasets: Names;
  readonly roles: Names;
}

export interface Caller {
  readonly user: string;
  readonly address: string;
  readonly encrypted: boolean;
}

const has = (names: Names, name: string): boolean => names === '*' || names.has(name);

export class AccessRules {
  readonly #doors: readonly DoorRule[];
  readonly #grants: readonly Grant[];

  constructor(doors: readonly DoorRule[], grants: readonly Grant[]) {
    this.#doors = doors;
    this.#grants = grants;
  }

  /** @throws DiagnosticError 28000 */
  letIn({ user, address, encrypted }: Caller): void {
    if (this.#doors.length === 0) return;
    const rule = this.#doors.find(
      ({ roles, from, tls }) =>
        has(roles, user) && (from === '*' || isIn(from, address)) && (tls === undefined || tls === encrypted),
    );
    if (rule?.allow) return;
    throw fail(
      'invalid_authorization_specification',
      `no rule lets in host "${plain(address)}", user "${user}", ${encrypted ? 'SSL encryption' : 'no encryption'}`,
    );
  }

  /** Whether a rule speaks of the role by its name, or one of all roles. */
  knows(role: string): boolean {
    return this.#grants.some(({ roles }) => has(roles, role));
  }

  rightsOf(role: string): Rights {
    const own = this.#grants.filter(({ roles }) => has(roles, role));
    const may = (dataset: string, write: boolean) =>
      own.some((grant) => (grant.write || !write) && has(grant.datasets, dataset));
    return { mayRead: (dataset) => may(dataset, false), mayWrite: (dataset) => may(dataset, true) };
  }
}

/** `::ffff:127.0.0.1` is 127.0.0.1. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

function isIn(list: BlockList, address: string): boolean {
  const ip = plain(address);
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

function network(text: string): BlockList | '*' | undefined {
  if (text === '*') return '*';
  const [address = '', length] = text.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  const prefix = length === undefined ? bits : Number(length);
  if (version === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > bits) return undefined;
  const list = new BlockList();
  list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4');
  return list;
}

/** `alice, "Bob, the second"`, `*`; `undefined` where it is no list. */
function names(text: string): Names | undefined {
  if (text.trim() === '*') return '*';
  const found = new Set<string>();
  const item = /\s*(?:"((?:[^"]|"")+)"|([^\s",*]+))\s*(,|$)/y;
  for (let more = true; more; ) {
    const match = item.exec(text);
    if (!match) return undefined;
    found.add(match[1]?.replaceAll('""', '"') ?? match[2]!);
    more = match[3] === ',';
  }
  return found;
}

const door = /^(allow|refuse)\s+(.+?)\s+from\s+(\S+)(?:\s+(with|without)\s+tls)?$/i;
const grant = /^grant\s+(read|write)\s+on\s+(.+?)\s+to\s+(.+)$/i;

/** @throws DiagnosticError 22023 with the line's number */
export function parseAccess(text: string, path: string): AccessRules {
  const doors: DoorRule[] = [];
  const grants: Grant[] = [];
  for (const [i, written] of text.split('\n').entries()) {
    const line = written.replace(/(?:^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const asDoor = door.exec(line);
    const asGrant = asDoor ? null : grant.exec(line);
    const roles = names((asDoor?.[2] ?? asGrant?.[3]) || '');
    const from = asDoor && network(asDoor[3]!);
    const datasets = asGrant && names(asGrant[2]!);
    if (asDoor && roles && from) {
      const tls = asDoor[4] && { tls: asDoor[4].toLowerCase() === 'with' };
      doors.push({ allow: asDoor[1]!.toLowerCase() === 'allow', roles, from, ...tls });
    } else if (asGrant && roles && datasets)
      grants.push({ write: asGrant[1]!.toLowerCase() === 'write', datasets, roles });
    else
      throw fail('invalid_parameter_value', `line ${i + 1} of ${path} is no rule: ${line}`, {
        hint: 'Rules: allow ROLES from NETWORK [with tls], refuse ROLES from NETWORK, grant read|write on DATASETS to ROLES; * is all.',
      });
  }
  return new AccessRules(doors, grants);
}

/** @throws DiagnosticError 58P01, 22023, and 42501 where others than the owner may change it */
export async function readAccess(path: string): Promise<AccessRules> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o022) !== 0)
      throw fail('insufficient_privilege', `the access file ${path} may be changed by others than its owner`, {
        hint: `chmod go-w ${path}`,
      });
    return parseAccess(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw fail('undefined_file', `the access file ${path} does not exist`);
    throw error;
  }
}
