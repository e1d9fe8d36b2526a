// PostgreSQL's own types: rows of pg_type, and what columns of them are like.
import { formatType, type Value } from '../../core/index.js';
import { owner, pgCatalog } from './object-ids.js';
import type { SystemRow } from './system-table.js';
import { typeRows } from './type-rows.js';

interface TypeFacts {
  readonly name: string;
  readonly length: number;
  readonly byValue: boolean;
  readonly align: string;
  readonly storage: string;
}

let factsByOid: Map<number, TypeFacts> | undefined;
let rowsOfTypes: SystemRow[] | undefined;

export function baseTypes(): SystemRow[] {
  rowsOfTypes ??= typeRows
    .trim()
    .split('\n')
    .map((line): SystemRow => {
      const [oid, name, length, byValue, kind, category, preferred, element, array, align, storage, input, output] =
        line.split(' ') as string[];
      return {
        oid: BigInt(oid!),
        typname: name!,
        typnamespace: pgCatalog,
        typowner: owner,
        typlen: Number(length),
        typbyval: byValue === 't',
        typtype: kind!,
        typcategory: category!,
        typispreferred: preferred === 't',
        typisdefined: true,
        typdelim: ',',
        typrelid: 0n,
        typsubscript: element === '0' ? '-' : 'array_subscript_handler',
        typelem: BigInt(element!),
        typarray: BigInt(array!),
        typinput: input!,
        typoutput: output!,
        typreceive: input!.replace(/in$/, 'recv'),
        typsend: output!.replace(/out$/, 'send'),
        typmodin: '-',
        typmodout: '-',
        typanalyze: '-',
        typalign: align!,
        typstorage: storage!,
        typnotnull: false,
        typbasetype: 0n,
        typtypmod: -1,
        typndims: 0,
        typcollation: category === 'S' ? 100n : 0n,
      };
    });
  return rowsOfTypes;
}

export function typeFacts(): Map<number, TypeFacts> {
  factsByOid ??= new Map(
    baseTypes().map((row) => [
      Number(row['oid']),
      {
        name: row['typname'] as string,
        length: row['typlen'] as number,
        byValue: row['typbyval'] as boolean,
        align: row['typalign'] as string,
        storage: row['typstorage'] as string,
      },
    ]),
  );
  return factsByOid;
}

export const udtName = (oid: number): string => typeFacts().get(oid)?.name ?? 'text';

let typeFunctions: Set<string> | undefined;

/** Whether pg_type names a function so: `array_in`. */
export function isTypeFunction(name: string): boolean {
  typeFunctions ??= new Set(
    baseTypes().flatMap((row) => ['typinput', 'typoutput', 'typreceive', 'typsend'].map((c) => row[c] as string)),
  );
  return typeFunctions.has(name);
}

/** For `'text'::regtype`. */
export function typeOidByName(name: string): Value {
  const plainName = name
    .trim()
    .replace(/^pg_catalog\./, '')
    .replaceAll('"', '');
  const array = plainName.endsWith('[]');
  const base = array ? plainName.slice(0, -2) : plainName;
  for (const row of baseTypes())
    if (row['typname'] === base || formatType(Number(row['oid']), -1) === base)
      return (array ? row['typarray'] : row['oid']) as bigint;
  return null;
}
