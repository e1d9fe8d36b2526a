// `search_path` as the list of datasets it names, and back.
import { quoteIdent } from '../core/index.js';

const defaultSearchPath = '"$user", public';

export function quoteNames(names: readonly string[]): string {
  return names.map(quoteIdent).join(', ');
}

/** Names of a search path; none for the default one, which means every dataset. */
export function splitNames(path: string): string[] {
  if (path === defaultSearchPath) return [];
  return [...path.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)]
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!.toLowerCase())
    .filter((name) => name !== '$user' && name !== 'pg_catalog');
}
