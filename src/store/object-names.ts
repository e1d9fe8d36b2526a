// What every object of a store is called. Nothing else in the program puts an object's name together.
import { fail } from '../core/index.js';

const longestName = 63;

/**
 * A dataset is a schema in SQL, so its name obeys PostgreSQL's limits: 1 to 63 bytes, not `pg_…`, not `information_schema`;
 * nothing invisible and no `/`, `;` or quote, so that it can stand in a path and in a native query.
 * @throws DiagnosticError invalid_name, reserved_name
 */
export function checkDatasetName(name: string): void {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes === 0) throw fail('invalid_name', 'a dataset needs a name');
  if (bytes > longestName)
    throw fail('invalid_name', `dataset name "${name}" is too long`, {
      detail: `${bytes} bytes; the limit is ${longestName}`,
    });
  const odd = /[\p{C}\p{Zl}\p{Zp}/;"'\\]|^\s|\s$/u.exec(name);
  if (odd)
    throw fail('invalid_name', `dataset name ${JSON.stringify(name)} contains ${JSON.stringify(odd[0])}`, {
      hint: 'control characters, quotes, "/", "\\", ";" and blanks at the ends cannot be part of a dataset name',
    });
  if (/^pg_|^information_schema$/i.test(name))
    throw fail('reserved_name', `unacceptable dataset name "${name}"`, {
      detail: 'The prefix "pg_" and "information_schema" are reserved for system schemas.',
    });
}

/** A session's own tables: a dataset in memory, on no list, under a name that no other can have. */
export const isTemporaryDataset = (name: string): boolean => /^pg_temp_\d+$/.test(name);

/** Whether a dataset can be called so; see {@link checkDatasetName}. */
export function isDatasetName(name: string): boolean {
  try {
    checkDatasetName(name);
    return true;
  } catch {
    return false;
  }
}

/** ASCII, and distinct on file systems that ignore case: all but lower-case letters, digits, `_` and `-` becomes `%xx`. */
function encodeName(name: string): string {
  let encoded = '';
  for (const byte of new TextEncoder().encode(name)) {
    const c = String.fromCharCode(byte);
    encoded += /[a-z0-9_-]/.test(c) ? c : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return encoded;
}

function decodeName(encoded: string): string {
  const bytes = encoded.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
}

export const datasetsPrefix = 'datasets/';
/** Of everything that belongs to a temporary dataset. */
export const temporaryPrefix = `${datasetsPrefix}pg_temp_`;

/** All names of one dataset. `id` is that of the intent under which an object was written. */
export interface DatasetNames {
  readonly prefix: string;
  readonly rootHint: string;
  readonly rootPrefix: string;
  root(version: number): string;
  /** Parse what {@link root} made; `undefined` for other objects. */
  versionOf(name: string): number | undefined;
  readonly intentPrefix: string;
  intent(id: string): string;
  readonly heartbeatPrefix: string;
  heartbeat(id: string): string;
  readonly pinPrefix: string;
  pin(version: number, id: string): string;
  /** Everything a writer makes before its commit starts with this. */
  dataPrefix(id: string): string;
  partition(id: string, number: number): string;
  segment(id: string, number: number): string;
  details(id: string, number: number): string;
  /** The id of the writer of a partition, segment or details object; `undefined` for others. */
  writerOf(name: string): string | undefined;
}

export function datasetNames(dataset: string): DatasetNames {
  const prefix = `${datasetsPrefix}${encodeName(dataset)}/`;
  const after = (part: string, name: string) =>
    name.startsWith(prefix + part) ? name.slice(prefix.length + part.length) : undefined;
  return {
    prefix,
    rootHint: `${prefix}root-hint`,
    rootPrefix: `${prefix}root/`,
    root: (version) => `${prefix}root/${version}`,
    versionOf: (name) => {
      const version = after('root/', name);
      return version === undefined ? undefined : Number(version);
    },
    intentPrefix: `${prefix}intent/`,
    intent: (id) => `${prefix}intent/${id}`,
    heartbeatPrefix: `${prefix}heartbeat/`,
    heartbeat: (id) => `${prefix}heartbeat/${id}`,
    pinPrefix: `${prefix}pin/`,
    pin: (version, id) => `${prefix}pin/${version}-${id}`,
    dataPrefix: (id) => `${prefix}data/${id}/`,
    partition: (id, number) => `${prefix}data/${id}/p${number}`,
    segment: (id, number) => `${prefix}data/${id}/s${number}`,
    details: (id, number) => `${prefix}data/${id}/f${number}`,
    writerOf: (name) => after('data/', name)?.split('/')[0],
  };
}

/** The dataset an object belongs to. */
export function datasetOf(name: string): string | undefined {
  const encoded = name.startsWith(datasetsPrefix) ? name.slice(datasetsPrefix.length).split('/')[0] : undefined;
  return encoded === undefined ? undefined : decodeName(encoded);
}

/** Partitions, segments and details are written once; all else is small and may be replaced. */
export const isImmutable = (name: string): boolean => /^datasets\/[^/]+\/data\//.test(name);

/** The list of dataset names, versioned like a dataset's roots. */
export const catalogueNames = {
  prefix: 'catalogue/',
  hint: 'catalogue/hint',
  version: (version: number) => `catalogue/${version}`,
  versionOf: (name: string): number | undefined => {
    const found = /^catalogue\/(\d+)$/.exec(name);
    return found ? Number(found[1]) : undefined;
  },
};

export function partitionName(dataset: string, writer: string, number: number): string {
  return datasetNames(dataset).partition(writer, number);
}
