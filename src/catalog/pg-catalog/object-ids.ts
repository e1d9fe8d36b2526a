// Oids of schemas and tables: the same in every process and session, since they come from the names alone.

/** Below this PostgreSQL keeps its own objects. */
const firstUserOid = 16384;

/** Of the one role that a session knows. */
export const owner = 10n;
export const pgCatalog = 11n;
export const informationSchema = 13000n;
export const publicSchema = 2200n;
/** Access methods of tables, and of the indexes behind keys. */
export const heap = 2n;
export const btree = 403n;
/** What pg_description's classoid says of relations and of functions. */
export const classOid = 1259n;
export const procedureClass = 1255n;

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}

/** A table's or a view's, as `pg_class` has it where no other name has the same hash. */
export const relationOid = (dataset: string, path: string): number =>
  Number(new ObjectIds().of('table', dataset, path));

export class ObjectIds {
  readonly #taken = new Map<number, string>();

  /** Of two names with one hash the later one moves on. */
  of(
    kind: 'schema' | 'table' | 'row type' | 'row array' | 'constraint' | 'index' | 'default' | 'sequence' | 'function',
    ...names: readonly string[]
  ): bigint {
    const key = [kind, ...names].join('\0');
    let oid = firstUserOid + (hash(key) % (2 ** 31 - firstUserOid));
    for (; ; oid++) {
      const owner = this.#taken.get(oid);
      if (owner === undefined || owner === key) break;
    }
    this.#taken.set(oid, key);
    return BigInt(oid);
  }
}
