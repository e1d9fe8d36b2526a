// From the error numbers of librados to what a user is told.
import { constants } from 'node:os';
import { type DiagnosticError, fail } from '../../../core/index.js';
import type { RadosAddress } from './rados-address.js';

const { errno } = constants;
/** Not among Node's: this client was put on the cluster's block list, or was shut down. */
const ESHUTDOWN = 108;

/** What librados answered; `errno` is positive. Leaves this folder as a {@link DiagnosticError} only. */
export class RadosError extends Error {
  /** @param said the cluster's own words */
  constructor(
    readonly errno: number,
    said = '',
  ) {
    super(said === '' ? nameOf(errno) : said);
  }

  static disconnected(): RadosError {
    return new RadosError(ESHUTDOWN);
  }

  get missing(): boolean {
    return this.errno === errno.ENOENT;
  }

  get denied(): boolean {
    return this.errno === errno.EPERM || this.errno === errno.EACCES;
  }

  get unsupported(): boolean {
    return this.errno === errno.EOPNOTSUPP;
  }

  get exists(): boolean {
    return this.errno === errno.EEXIST;
  }

  get canceled(): boolean {
    return this.errno === errno.ECANCELED;
  }

  /** The connection is of no use any more; a new one may be. */
  get disconnected(): boolean {
    return this.errno === ESHUTDOWN || this.errno === errno.ENOTCONN;
  }

  /** Nobody knows whether the operation took place, or will. */
  get inDoubt(): boolean {
    return this.errno === errno.ETIMEDOUT || this.disconnected;
  }
}

export function nameOf(number: number): string {
  if (number === ESHUTDOWN) return 'ESHUTDOWN';
  return Object.entries(errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`;
}

export interface FailedOperation {
  readonly kind: 'read' | 'write';
  readonly object: string;
  readonly url: string;
  /** Seconds; 0 where there is none. */
  readonly timeout: number;
}

export function operationFailure(error: RadosError, { kind, object, url, timeout }: FailedOperation): DiagnosticError {
  const verb = kind === 'read' ? 'read' : 'write';
  switch (error.errno) {
    case errno.ENOENT:
      if (kind === 'read') return fail('undefined_file', `object "${object}" is not in store ${url}`, { cause: error });
      break;
    case errno.EPERM:
    case errno.EACCES:
      if (kind === 'read')
        return fail('insufficient_privilege', `permission denied to read object "${object}" of store ${url}`, {
          hint: 'the key needs the capability osd "allow rwx pool=…"; see "skyhook ceph init"',
          cause: error,
        });
      return fail(
        'read_only_sql_transaction',
        `store ${url} cannot be written (object "${object}"): ${error.message}`,
        {
          hint: 'the key may read only: its capability for the pool lacks "w"',
          cause: error,
        },
      );
    case errno.ENOSPC:
    case errno.EDQUOT:
      return fail('disk_full', `no space left to write object "${object}" of store ${url}: ${error.message}`, {
        hint:
          error.errno === errno.EDQUOT
            ? 'the pool has reached its quota'
            : 'the pool or one of its storage daemons is full; "ceph health detail" says which',
        cause: error,
      });
    case errno.EMSGSIZE:
    case errno.EFBIG:
    case errno.E2BIG:
      return fail('program_limit_exceeded', `object "${object}" is larger than store ${url} takes: ${error.message}`, {
        hint: 'the cluster limits one write by osd_max_write_size (90 MiB) and an object by osd_max_object_size (128 MiB)',
        cause: error,
      });
    case errno.ETIMEDOUT:
      return fail('io_error', `store ${url} did not ${verb} object "${object}" within ${timeout} s`, {
        hint: 'its storage daemons are down or overloaded ("ceph -s"); the parameter timeout=SECONDS of the store\'s address waits longer',
        cause: error,
      });
    case errno.EIO:
      return fail(
        'io_error',
        `store ${url} cannot ${verb} object "${object}": its storage daemon has a damaged copy or disk`,
        {
          hint: '"ceph health detail" and "rados list-inconsistent-obj" say more',
          cause: error,
        },
      );
    case ESHUTDOWN:
    case errno.ENOTCONN:
      return fail(
        'connection_failure',
        `store ${url} refuses this client (object "${object}"): it is on the block list`,
        {
          hint: '"ceph osd blocklist ls" shows it; entries expire',
          cause: error,
        },
      );
  }
  return fail('io_error', `cannot ${verb} object "${object}" of store ${url}: ${error.message}`, { cause: error });
}

/** The object class that runs fragments. */
export const className = 'skyhook';

/**
 * Why storage daemons did not run a fragment; `lasting` where they would not run the next one either.
 * @param allowed whether they load the class: what is denied then is the key's
 */
export function classRefusal(
  error: RadosError,
  id: string,
  allowed?: boolean,
): { readonly text: string; readonly lasting: boolean } {
  switch (error.errno) {
    case errno.EOPNOTSUPP:
      return { text: `the storage daemons lack the class "${className}", or the pool is erasure-coded`, lasting: true };
    case errno.EPERM:
    case errno.EACCES:
      return { text: denied(id, allowed), lasting: true };
    case errno.ECANCELED:
    case errno.ETIMEDOUT:
      return { text: 'a storage daemon did not answer in time', lasting: true };
  }
  return { text: `a storage daemon refused: ${error.message}`, lasting: false };
}

function denied(id: string, allowed: boolean | undefined): string {
  const right = `client.${id} may not call the class "${className}" (capability osd "allow rwx")`;
  if (allowed === true) return right;
  const list = `osd_class_load_list of the storage daemons leaves the class "${className}" out`;
  return allowed === false ? list : `${right}, or ${list}`;
}

export function noConfiguration(path: string | undefined, code: number): DiagnosticError {
  if (code === errno.ENOENT)
    return path === undefined
      ? fail('undefined_file', 'no ceph.conf was found', {
          detail: 'Looked for what CEPH_CONF names, /etc/ceph/ceph.conf, ~/.ceph/ceph.conf and ./ceph.conf.',
          hint: 'say where it is: rados://POOL?conf=PATH',
        })
      : fail('undefined_file', `the Ceph configuration "${path}" does not exist`);
  return fail(
    'invalid_parameter_value',
    `the Ceph configuration "${path ?? 'ceph.conf'}" cannot be used: ${nameOf(code)}`,
  );
}

export function connectFailure(code: number, { id, cluster }: RadosAddress, timeout: number): DiagnosticError {
  const who = `client.${id}`;
  switch (code) {
    case errno.EACCES:
    case errno.EPERM:
      return fail('invalid_authorization_specification', `the Ceph cluster does not accept the key of ${who}`, {
        hint: `"ceph auth get ${who}" shows the key that it expects; ?id= and ?keyring= name another`,
      });
    case errno.ENOENT:
    case errno.ENOTSUP:
      return fail('invalid_authorization_specification', `no key was found for ${who}, or no monitor in ceph.conf`, {
        hint: `the keyring is looked for in /etc/ceph/${cluster}.${who}.keyring and where ceph.conf says; ?id= and ?keyring= name another`,
      });
    case errno.ETIMEDOUT:
      return fail('connection_failure', `no Ceph monitor answered within ${timeout} s`, {
        hint: 'are the addresses in "mon host" of ceph.conf right, and do the monitors run?',
      });
  }
  return fail('connection_failure', `cannot connect to the Ceph cluster as ${who}: ${nameOf(code)}`);
}

export const noPool = (pool: string): DiagnosticError =>
  fail('undefined_object', `the Ceph cluster has no pool "${pool}"`, {
    hint: `"ceph osd pool ls" lists them; "skyhook ceph init rados://${pool}" makes one`,
  });
