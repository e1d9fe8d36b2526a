// Rows of pg_class and pg_attribute, for relations of every kind.
import { oidOf, type SqlType, sqlTypeOf, typeModifier } from '../../core/index.js';
import { typeFacts } from './base-types.js';
import { btree, heap, owner } from './object-ids.js';
import type { SystemRow } from './system-table.js';

/** Of a table or view, an index or a sequence. */
export function bareClassRow({
  oid,
  schema,
  name,
  kind,
}: {
  readonly oid: bigint;
  readonly schema: bigint;
  readonly name: string;
  readonly kind: string;
}): SystemRow {
  return {
    oid,
    relname: name,
    relnamespace: schema,
    reltype: 0n,
    reloftype: 0n,
    relowner: owner,
    relam: kind === 'r' ? heap : kind === 'i' ? btree : 0n,
    relfilenode: oid,
    reltablespace: 0n,
    relpages: 0,
    reltuples: 0,
    relallvisible: 0,
    reltoastrelid: 0n,
    relhasindex: false,
    relisshared: false,
    relpersistence: 'p',
    relkind: kind,
    relnatts: 1,
    relchecks: 0,
    relhasrules: false,
    relhastriggers: false,
    relhassubclass: false,
    relrowsecurity: false,
    relforcerowsecurity: false,
    relispopulated: true,
    relreplident: 'd',
    relispartition: false,
    relrewrite: 0n,
    relfrozenxid: 0n,
    relminmxid: 0n,
  };
}

/** A column as pg_attribute has it; `more` is what its table's definition says of it. */
export function attributeRow(
  relation: bigint,
  { name, type: stored }: { readonly name: string; readonly type: SqlType },
  number: number,
  more: SystemRow = {},
): SystemRow {
  const type = sqlTypeOf(stored);
  const typeOid = oidOf(type);
  const { length, byValue, align, storage } = typeFacts().get(typeOid)!;
  return {
    attrelid: relation,
    attname: name,
    atttypid: BigInt(typeOid),
    attstattarget: -1,
    attlen: length,
    attnum: number,
    attndims: type.kind === 'list' ? 1 : 0,
    attcacheoff: -1,
    atttypmod: typeModifier(type),
    attbyval: byValue,
    attalign: align,
    attstorage: storage,
    attcompression: '',
    attnotnull: false,
    atthasdef: false,
    atthasmissing: false,
    attidentity: '',
    attgenerated: '',
    attisdropped: false,
    attislocal: true,
    attinhcount: 0,
    attcollation: 0n,
    ...more,
  };
}
