// pg_catalog and information_schema over datasets, types, roles and settings: rows made of what this session can see.
import {
  formatType,
  isTime,
  oidOf,
  printSqlType,
  type SqlType,
  sqlTypeOf,
  type TimePrecision,
  timeModifier,
  typeModifier,
  types,
  type Value,
} from '../../core/index.js';
import { isTemporaryDataset } from '../../store/index.js';
import type { ColumnEntry, DatasetSnapshot, TableEntry } from '../table.js';
import { defaultText, ruleOf, TableRules } from './constraint-rows.js';
import { ObjectIds } from './object-ids.js';
import { procedureColumns, procedureRows } from './procedures.js';
import { layoutOf, type SystemRow, type SystemTable, systemSchemaOf } from './system-table.js';
import { typeRows } from './type-rows.js';

export interface SystemCatalogInput {
  readonly datasets: readonly DatasetSnapshot[];
  readonly database: string;
  readonly user: string;
  readonly settings: readonly (readonly [name: string, value: string])[];
}

const owner = 10n;
const databaseOid = 16383n;
const pgCatalog = 11n;
const informationSchema = 13000n;
const publicSchema = 2200n;
/** Access methods, by the kind of relation that has them. */
const methods = { r: 2n, i: 403n };
const classOid = 1259n;
/** What `'pg_class'::regclass` is asked for, to join pg_description. */
const systemRelations: Readonly<Record<string, bigint>> = {
  pg_class: classOid,
  pg_namespace: 2615n,
  pg_type: 1247n,
  pg_proc: 1255n,
  pg_attribute: 1249n,
  pg_constraint: 2606n,
  pg_database: 1262n,
  pg_trigger: 2620n,
  pg_rewrite: 2618n,
  pg_attrdef: 2604n,
  pg_index: 2610n,
  pg_extension: 3079n,
  pg_authid: 1260n,
  pg_tablespace: 1213n,
};

interface Relation {
  readonly oid: bigint;
  readonly schema: bigint;
  /** The type of its rows, and of arrays of them. */
  readonly rowType: bigint;
  readonly rowArray: bigint;
  readonly table: TableEntry;
  readonly name: string;
}

/** A tree under its own name; a named cycle only where it differs from it. */
const shown = (table: TableEntry): boolean => table.cycle === undefined;

export class SystemCatalog {
  readonly #input: SystemCatalogInput;
  readonly #schemas: readonly { readonly oid: bigint; readonly name: string }[];
  readonly #relations: readonly Relation[];
  readonly #rules: TableRules;

  constructor(input: SystemCatalogInput) {
    this.#input = input;
    const ids = new ObjectIds();
    this.#schemas = input.datasets.map(({ name }) => ({ oid: ids.of('schema', name), name }));
    this.#relations = input.datasets.flatMap((dataset, i) =>
      dataset.tables.filter(shown).map((table) => ({
        oid: ids.of('table', dataset.name, table.path),
        rowType: ids.of('row type', dataset.name, table.path),
        rowArray: ids.of('row array', dataset.name, table.path),
        schema: this.#schemas[i]!.oid,
        table,
        name: table.path,
      })),
    );
    this.#rules = new TableRules(ids, this.#relations, input.datasets);
  }

  /** `undefined` where the name is none of a system relation. */
  find(schema: string | undefined, name: string): SystemTable | undefined {
    const owner = systemSchemaOf(schema, name);
    if (owner === undefined) return undefined;
    const relation = name.toLowerCase();
    const make = this.#makers[`${owner}.${relation}`];
    const tableoid = systemRelations[relation] ?? 0n;
    return {
      schema: owner,
      name: relation,
      columns: layoutOf(owner, relation)!,
      hidden: [
        { name: 'tableoid', type: types.oid },
        ...(relation === 'pg_proc' ? procedureColumns.map((column) => ({ name: column, type: types.text })) : []),
      ],
      rows: make ? make().map((row) => ({ ...row, tableoid })) : [],
    };
  }

  /** The oid of a name, as `regclass` and `regnamespace` read it; `undefined` where there is none. */
  oidOf(kind: string, text: string): bigint | undefined {
    const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
    const name = parts.at(-1);
    const schema = parts.at(-2);
    if (kind === 'regnamespace')
      return this.#schemas.find((s) => s.name === name || (name === 'pg_temp' && s.name.startsWith('pg_temp_')))?.oid;
    if (kind === 'regrole') return name === this.#input.user ? owner : undefined;
    if (kind === 'regtype')
      return this.#relations.find((r) => r.name === name && (schema === undefined || r.table.dataset === schema))
        ?.rowType;
    if (kind !== 'regclass') return undefined;
    if (systemRelations[name ?? ''] !== undefined && (schema === undefined || schema === 'pg_catalog'))
      return systemRelations[name ?? ''];
    return this.#relations.find((r) => r.name === name && (schema === undefined || r.table.dataset === schema))?.oid;
  }

  readonly #makers: Readonly<Record<string, () => SystemRow[]>> = {
    'pg_catalog.pg_namespace': () =>
      [
        { oid: pgCatalog, name: 'pg_catalog' },
        { oid: publicSchema, name: 'public' },
        { oid: informationSchema, name: 'information_schema' },
        ...this.#schemas,
      ]
        .filter(({ name }, i, all) => all.findLastIndex((s) => s.name === name) === i)
        .map(({ oid, name }) => ({ oid, nspname: name, nspowner: owner, nspacl: null })),
    'pg_catalog.pg_class': () => [
      ...this.#relations.map((relation) => this.#classRow(relation)),
      ...[...this.#rules.relations()].map((relation) => bareClassRow(relation)),
    ],
    'pg_catalog.pg_constraint': () => this.#rules.constraintRows(),
    'pg_catalog.pg_index': () => this.#rules.indexRows(),
    'pg_catalog.pg_indexes': () => this.#rules.indexesRows(),
    'pg_catalog.pg_attrdef': () => this.#rules.defaultRows(),
    'pg_catalog.pg_sequence': () => this.#rules.sequenceRows(),
    'pg_catalog.skyhook_definitions': () => this.#rules.definitionRows(),
    'information_schema.table_constraints': () => this.#rules.tableConstraintRows(this.#input.database),
    'information_schema.key_column_usage': () => this.#rules.keyColumnRows(this.#input.database),
    'pg_catalog.pg_views': () =>
      this.#relations.flatMap(({ table, name }) =>
        table.view
          ? [{ schemaname: table.dataset, viewname: name, viewowner: this.#input.user, definition: table.view.query }]
          : [],
      ),
    'pg_catalog.pg_attribute': () => this.#relations.flatMap((relation) => attributeRows(relation)),
    'pg_catalog.pg_type': () => [...baseTypes(), ...this.#relations.flatMap(rowTypes)],
    'pg_catalog.pg_proc': () => (procedures ??= procedureRows(new ObjectIds(), pgCatalog, owner)),
    'pg_catalog.pg_database': () => [
      {
        oid: databaseOid,
        datname: this.#input.database,
        datdba: owner,
        encoding: 6,
        datlocprovider: 'c',
        datistemplate: false,
        datallowconn: true,
        datconnlimit: -1,
        datfrozenxid: 0n,
        datminmxid: 0n,
        dattablespace: 1663n,
        datcollate: 'C',
        datctype: 'C.UTF-8',
      },
    ],
    'pg_catalog.pg_tablespace': () => [
      { oid: 1663n, spcname: 'pg_default', spcowner: owner },
      { oid: 1664n, spcname: 'pg_global', spcowner: owner },
    ],
    'pg_catalog.pg_am': () => [
      { oid: methods.r, amname: 'heap', amhandler: 'heap_tableam_handler', amtype: 't' },
      { oid: methods.i, amname: 'btree', amhandler: 'bthandler', amtype: 'i' },
    ],
    'pg_catalog.pg_roles': () => [this.#role()],
    'pg_catalog.pg_authid': () => [this.#role()],
    'pg_catalog.pg_user': () => [
      {
        usename: this.#input.user,
        usesysid: owner,
        usecreatedb: false,
        usesuper: false,
        userepl: false,
        usebypassrls: false,
      },
    ],
    'pg_catalog.pg_settings': () =>
      this.#input.settings.map(([name, setting]) => ({
        name,
        setting,
        category: 'Skyhook',
        short_desc: '',
        context: 'user',
        vartype: 'string',
        source: 'session',
        boot_val: setting,
        reset_val: setting,
        pending_restart: false,
      })),
    'pg_catalog.pg_tables': () =>
      this.#relations.map(({ table, name }) => ({
        schemaname: table.dataset,
        tablename: name,
        tableowner: this.#input.user,
        hasindexes: false,
        hasrules: false,
        hastriggers: false,
        rowsecurity: false,
      })),
    'pg_catalog.pg_description': () => this.#descriptions(),
    'pg_catalog.pg_collation': () => [
      {
        oid: 100n,
        collname: 'default',
        collnamespace: pgCatalog,
        collowner: owner,
        collprovider: 'd',
        collisdeterministic: true,
        collencoding: -1,
      },
      {
        oid: 950n,
        collname: 'C',
        collnamespace: pgCatalog,
        collowner: owner,
        collprovider: 'c',
        collisdeterministic: true,
        collencoding: -1,
        collcollate: 'C',
        collctype: 'C',
      },
    ],
    'pg_catalog.pg_language': () => [{ oid: 14n, lanname: 'sql', lanowner: owner, lanispl: false, lanpltrusted: true }],
    'information_schema.schemata': () =>
      this.#schemas.map(({ name }) => ({
        catalog_name: this.#input.database,
        schema_name: name,
        schema_owner: this.#input.user,
      })),
    'information_schema.tables': () =>
      this.#relations.map(({ table, name }) => ({
        table_catalog: this.#input.database,
        table_schema: table.dataset,
        table_name: name,
        table_type: table.view ? 'VIEW' : isTemporaryDataset(table.dataset) ? 'LOCAL TEMPORARY' : 'BASE TABLE',
        is_insertable_into: 'NO',
        is_typed: 'NO',
      })),
    'information_schema.columns': () => this.#relations.flatMap((relation) => this.#informationColumns(relation)),
  };

  #role(): SystemRow {
    return {
      oid: owner,
      rolname: this.#input.user,
      rolsuper: false,
      rolinherit: true,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: true,
      rolreplication: false,
      rolconnlimit: -1,
      rolbypassrls: false,
    };
  }

  #classRow({ oid, schema, rowType, table, name }: Relation): SystemRow {
    return {
      ...bareClassRow({ oid, schema, name, kind: table.view ? 'v' : 'r' }),
      ...this.#rules.facts(oid),
      reltype: rowType,
      relpages: table.partitionCount,
      reltuples: table.rows,
      relnatts: table.columns.length,
      relpersistence: isTemporaryDataset(table.dataset) ? 't' : 'p',
    };
  }

  #descriptions(): SystemRow[] {
    const rows: SystemRow[] = [];
    for (const { oid, table } of this.#relations) {
      if (table.title !== '') rows.push({ objoid: oid, classoid: classOid, objsubid: 0, description: table.title });
      for (const [i, column] of table.columns.entries())
        if (column.title !== '' && column.title !== column.name)
          rows.push({ objoid: oid, classoid: classOid, objsubid: i + 1, description: column.title });
    }
    return rows;
  }

  #informationColumns({ table, name }: Relation): SystemRow[] {
    const { database } = this.#input;
    return table.columns.map((column, i) => {
      const type = sqlTypeOf(column.type);
      const rule = ruleOf(table, column.name);
      return {
        table_catalog: database,
        table_schema: table.dataset,
        table_name: name,
        column_name: column.name,
        ordinal_position: i + 1,
        column_default: defaultText(rule) ?? null,
        is_nullable: rule?.notNull ? 'NO' : 'YES',
        data_type: type.kind === 'list' && oidOf(type) !== oidOf(types.json) ? 'ARRAY' : printSqlType(plain(type)),
        ...numericFacts(type),
        ...timeFacts(type, rule?.precision),
        udt_catalog: database,
        udt_schema: 'pg_catalog',
        udt_name: udtName(oidOf(type)),
        dtd_identifier: String(i + 1),
        is_self_referencing: 'NO',
        is_identity: rule?.identity ? 'YES' : 'NO',
        identity_generation: rule?.identity?.toUpperCase() ?? null,
        identity_cycle: 'NO',
        is_generated: rule?.generated === undefined ? 'NEVER' : 'ALWAYS',
        generation_expression: rule?.generated ?? null,
        is_updatable: 'NO',
      };
    });
  }
}

const plain = (type: SqlType): SqlType =>
  type.kind === 'numeric' || type.kind === 'bit' || type.kind === 'varbit' ? { kind: type.kind } : type;

function timeFacts(type: SqlType, { digits = 6, fields }: TimePrecision = {}): SystemRow {
  if (type.kind === 'bit' || type.kind === 'varbit') return { character_maximum_length: type.length ?? null };
  if (type.kind === 'date') return { datetime_precision: 0 };
  if (!isTime(type)) return {};
  return { datetime_precision: digits, ...(fields !== undefined && { interval_type: fields.toUpperCase() }) };
}

function numericFacts(type: SqlType): SystemRow {
  const binary: Partial<Record<SqlType['kind'], number>> = { int2: 16, int4: 32, int8: 64, float4: 24, float8: 53 };
  const precision = binary[type.kind];
  if (precision !== undefined)
    return {
      numeric_precision: precision,
      numeric_precision_radix: 2,
      ...(type.kind.startsWith('int') && { numeric_scale: 0 }),
    };
  if (type.kind !== 'numeric' || type.precision === undefined) return {};
  return { numeric_precision: type.precision, numeric_precision_radix: 10, numeric_scale: type.scale ?? 0 };
}

/** Of a table or view, an index or a sequence. */
function bareClassRow({
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
    relam: kind === 'r' || kind === 'i' ? methods[kind] : 0n,
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

function attributeRows({ oid, table }: Relation): SystemRow[] {
  const facts = typeFacts();
  const row = (column: Pick<ColumnEntry, 'name' | 'type'>, number: number): SystemRow => {
    const rule = ruleOf(table, column.name);
    const type = sqlTypeOf(column.type);
    const typeOid = oidOf(type);
    const { length, byValue, align, storage } = facts.get(typeOid)!;
    return {
      attrelid: oid,
      attname: column.name,
      atttypid: BigInt(typeOid),
      attstattarget: -1,
      attlen: length,
      attnum: number,
      attndims: type.kind === 'list' ? 1 : 0,
      attcacheoff: -1,
      atttypmod: rule?.precision ? timeModifier(type, rule.precision) : typeModifier(type),
      attbyval: byValue,
      attalign: align,
      attstorage: storage,
      attcompression: '',
      attnotnull: rule?.notNull === true,
      atthasdef: (defaultText(rule) ?? rule?.generated) !== undefined,
      atthasmissing: false,
      attidentity: rule?.identity ? (rule.identity === 'always' ? 'a' : 'd') : '',
      attgenerated: rule?.generated === undefined ? '' : 's',
      attisdropped: false,
      attislocal: true,
      attinhcount: 0,
      attcollation: 0n,
    };
  };
  return table.columns.map((column, i) => row(column, i + 1));
}

interface TypeFacts {
  readonly name: string;
  readonly length: number;
  readonly byValue: boolean;
  readonly align: string;
  readonly storage: string;
}

let factsByOid: Map<number, TypeFacts> | undefined;
let rowsOfTypes: SystemRow[] | undefined;

function baseTypes(): SystemRow[] {
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

function typeFacts(): Map<number, TypeFacts> {
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

/** The types of a relation's rows. */
function rowTypes({ name, oid, schema, rowType, rowArray }: Relation): SystemRow[] {
  const template = baseTypes().find((row) => row['typname'] === 'record')!;
  const array = baseTypes().find((row) => row['typname'] === '_record')!;
  const own = { typnamespace: schema, typtype: 'c', typcategory: 'C', typalign: 'd', typstorage: 'x' };
  return [
    { ...template, ...own, oid: rowType, typname: name, typrelid: oid, typarray: rowArray },
    { ...array, oid: rowArray, typname: `_${name}`, typnamespace: schema, typtype: 'b', typelem: rowType },
  ];
}

/** The same in every session. */
let procedures: SystemRow[] | undefined;

const udtName = (oid: number): string => typeFacts().get(oid)?.name ?? 'text';

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
