// From a store URL to the home it names.
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../../core/index.js';
import type { ObjectStore } from '../object-store.js';
import { LocalStore } from './local-store.js';
import { MemoryStore } from './memory-store.js';

export const defaultStoreUrl = 'file:.skyhook';

const known = 'a store is file:PATH (or just a path with a slash), rados://POOL or memory:NAME';

/**
 * Opens `file:PATH` (relative paths against the working folder), a bare path that starts with `/`, `./`, `../` or `~/`,
 * `memory:` (private), `memory:NAME` (shared inside this process) or `rados://POOL[/NAMESPACE]`. A folder is made at the first write; to
 * a Ceph cluster it connects at once.
 * @throws DiagnosticError invalid_parameter_value for a host name or an unknown scheme; for `rados:` what RadosStore.open throws
 */
export async function openStore(url: string = defaultStoreUrl): Promise<ObjectStore> {
  if (/^(\/|\.\.?(\/|$)|~\/)/.test(url)) return localStore(path.resolve(url.replace(/^~\//, `${homedir()}/`)));
  // `host:6789` is an address, not a scheme.
  const scheme = /^(file|memory|rados|[a-z][a-z0-9+.-]*(?=:\D)):/i.exec(url)?.[1]?.toLowerCase();
  const rest = scheme === undefined ? url : url.slice(scheme.length + 1);
  switch (scheme) {
    case 'file': {
      if (rest === '') throw fail('invalid_parameter_value', `store "${url}" names no folder`, { hint: known });
      return localStore(rest.startsWith('//') ? localPath(url) : path.resolve(rest.replace(/^~\//, `${homedir()}/`)));
    }
    case 'memory':
      return new MemoryStore(rest);
    case 'rados':
      // Loaded when needed: it brings the C library of Ceph's clients.
      return (await import('./rados/rados-store.js')).RadosStore.open(url);
    case undefined:
      throw fail('invalid_parameter_value', `"${url}" is a host address, not a store`, {
        hint: `${known}; for a folder of that name write file:${url}`,
      });
    default:
      throw fail('invalid_parameter_value', `store "${url}" has the unknown scheme "${scheme}:"`, { hint: known });
  }
}

async function localStore(root: string): Promise<ObjectStore> {
  const found = await stat(root).catch(() => undefined);
  if (found && !found.isDirectory()) throw fail('wrong_object_type', `store "file:${root}" is not a folder`);
  return new LocalStore(root);
}

function localPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw fail('invalid_parameter_value', `store "${url}" is not a local folder`, { hint: known, cause: error });
  }
}
