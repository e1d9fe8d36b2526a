// pg_catalog and information_schema over datasets, types, roles and settings: rows made of what this session can see.
import {
  isTime,
  oidOf,
  printSqlType,
  quoteIdent,
  type SqlType,
  sqlTypeOf,
  type TimePrecision,
  timeModifier,
  types,
  type Value,
  zonesAt,
} from '../../core/index.js';
import { isTemporaryDataset } from '../../store/index.js';
import type { DatasetSnapshot, TableEntry } from '../table.js';
import { baseTypes, isTypeFunction, typeOidByName, udtName } from './base-types.js';
import { attributeRow, bareClassRow } from './class-rows.js';
import { defaultText, ruleOf, TableRules } from './constraint-rows.js';
import { btree, classOid, heap, informationSchema, ObjectIds, owner, pgCatalog, publicSchema } from './object-ids.js';
import { procedureColumns, procedureRows } from './procedures.js';
import { systemAttributeRows, systemClassRows, systemRelationOid } from './system-relations.js';
import { layoutOf, type SystemRow, type SystemTable, systemSchemaOf } from './system-table.js';

export interface SystemCatalogInput {
  readonly datasets: readonly DatasetSnapshot[];
  readonly database: string;
  readonly user: string;
  readonly settings: readonly SystemSetting[];
  readonly backends: ReadonlyMap<number, Backend>;
}

/** A client's connection as all sessions see it: a row of pg_stat_activity. */
export interface Backend {
  readonly processId: number;
  readonly user: string;
  readonly database: string;
  /** As the client is called now. */
  readonly applicationName: string;
  readonly address: string;
  readonly port: number;
  /** Microseconds since 1970. */
  readonly startMicros: bigint;
  readonly state: 'active' | 'idle' | 'idle in transaction' | 'idle in transaction (aborted)';
  /** The text that runs, or ran last. */
  readonly query: string;
}

export interface SystemSetting {
  readonly name: string;
  readonly value: string;
  readonly byDefault: string;
  readonly isInternal: boolean;
  readonly isChanged: boolean;
  readonly type: string;
  readonly unit?: string;
  readonly words?: readonly string[];
  readonly range?: readonly [least: number, most: number];
}

const databaseOid = 16383n;

interface Relation {
  readonly oid: bigint;
  readonly schema: bigint;
  /** The type of its rows, and of arrays of them. */
  readonly rowType: bigint;
  readonly rowArray: bigint;
  readonly table: TableEntry;
  readonly name: string;
}

/** Columns that no client sees: what functions of the catalogue answer with. */
const hiddenColumns: Readonly<Record<string, readonly string[]>> = {
  pg_proc: procedureColumns,
  /** As a cast to regclass spells it. */
  pg_class: ['_name'],
};

/** A tree under its own name; a named cycle only where it differs from it. */
const shown = (table: TableEntry): boolean => table.cycle === undefined;

export class SystemCatalog {
  readonly #input: SystemCatalogInput;
  readonly #schemas: readonly { readonly oid: bigint; readonly name: string }[];
  readonly #relations: readonly Relation[];
  readonly #rules: TableRules;
  /** How many datasets have a relation of the name. */
  #names: Map<string, number> | undefined;
  /** By type, what `nameOf` answers with. */
  readonly #shownNames = new Map<string, Map<bigint, string>>();

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
    return {
      schema: owner,
      name: relation,
      oid: systemRelationOid(owner, relation) ?? 0n,
      columns: layoutOf(owner, relation)!,
      hidden: (hiddenColumns[relation] ?? []).map((column) => ({ name: column, type: types.text })),
      rows: make ? make() : [],
    };
  }

  /** The oid of a name, as `regclass` and `regnamespace` read it; `undefined` where there is none. */
  oidOf(kind: string, text: string): bigint | undefined {
    // Blanks may stand around the dots.
    const parts = [...text.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(([, quoted, plain]) =>
      quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
    );
    const name = parts.at(-1);
    const schema = parts.at(-2);
    if (kind === 'regnamespace') {
      const wanted = this.#schemas.find((s) => name === 'pg_temp' && s.name.startsWith('pg_temp_'))?.name ?? name;
      return this.#namespaces().find((row) => row['nspname'] === wanted)?.['oid'] as bigint | undefined;
    }
    if (kind === 'regrole') return name === this.#input.user ? owner : undefined;
    if (kind === 'regproc' || kind === 'regprocedure') return procedureOid(kind, text.replace(/^pg_catalog\./, ''));
    if (kind === 'regcollation') return { default: 100n, C: 950n }[name ?? ''];
    if (kind === 'regtype')
      return (
        (typeOidByName(text) as bigint | null) ??
        this.#relations.find((r) => r.name === name && (schema === undefined || r.table.dataset === schema))?.rowType
      );
    if (kind !== 'regclass') return undefined;
    const system = systemRelationOid(schema ?? 'pg_catalog', name ?? '');
    if (system !== undefined) return system;
    return this.#relations.find((r) => r.name === name && (schema === undefined || r.table.dataset === schema))?.oid;
  }

  /** How a cast to `regclass` and its kin spells what has that number. */
  nameOf(kind: string, oid: bigint): string | undefined {
    let names = this.#shownNames.get(kind);
    if (!names) {
      names = new Map(this.#named(kind));
      this.#shownNames.set(kind, names);
    }
    return names.get(oid);
  }

  #named(kind: string): (readonly [oid: bigint, name: string])[] {
    const named = (rows: readonly SystemRow[], column: string, print = (name: string) => name) =>
      rows.map((row) => [row['oid'] as bigint, print(row[column] as string)] as const);
    const relation = (name: string) => this.#makers[`pg_catalog.${name}`]?.() ?? [];
    switch (kind) {
      case 'regclass':
        return named(relation('pg_class'), '_name');
      case 'regtype':
        return this.#relations.flatMap(({ rowType, rowArray, name }) => [
          [rowType, quoteIdent(name)],
          [rowArray, `${quoteIdent(name)}[]`],
        ]);
      case 'regproc':
        return named(allProcedures(), 'proname');
      case 'regprocedure':
        return named(allProcedures(), '_signature');
      case 'regnamespace':
        return named(this.#namespaces(), 'nspname', quoteIdent);
      case 'regrole':
        return [[owner, quoteIdent(this.#input.user)]];
      case 'regcollation':
        return named(relation('pg_collation'), 'collname', quoteIdent);
      case 'regconfig':
        return named(relation('pg_ts_config'), 'cfgname', quoteIdent);
      case 'regdictionary':
        return named(relation('pg_ts_dict'), 'dictname', quoteIdent);
      default:
        return [];
    }
  }

  readonly #namespaces = (): SystemRow[] =>
    [
      { oid: pgCatalog, name: 'pg_catalog' },
      { oid: publicSchema, name: 'public' },
      { oid: informationSchema, name: 'information_schema' },
      ...this.#schemas,
    ]
      .filter(({ name }, i, all) => all.findLastIndex((s) => s.name === name) === i)
      .map(({ oid, name }) => ({ oid, nspname: name, nspowner: owner, nspacl: null }));

  readonly #makers: Readonly<Record<string, () => SystemRow[]>> = {
    'pg_catalog.pg_namespace': this.#namespaces,
    'pg_catalog.pg_class': () => [
      ...systemClassRows(),
      ...this.#relations.map((relation) => this.#classRow(relation)),
      ...[...this.#rules.relations()].map((relation) => ({
        ...bareClassRow(relation),
        _name: quoteIdent(relation.name),
      })),
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
    'pg_catalog.pg_attribute': () => [...systemAttributeRows(), ...this.#relations.flatMap(attributeRows)],
    'pg_catalog.pg_type': () => [...baseTypes(), ...this.#relations.flatMap(rowTypes)],
    'pg_catalog.pg_proc': () => allProcedures(),
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
    'pg_catalog.pg_stat_activity': () =>
      [...this.#input.backends.values()].map((backend) => {
        const shown = {
          datid: databaseOid,
          datname: backend.database,
          pid: backend.processId,
          usename: backend.user,
          application_name: backend.applicationName,
          backend_type: 'client backend',
        };
        // Of another role's work PostgreSQL says no more than that it is there.
        if (backend.user !== this.#input.user) return { ...shown, query: '<insufficient privilege>' };
        return {
          ...shown,
          usesysid: owner,
          client_addr: backend.address,
          client_port: backend.port,
          backend_start: backend.startMicros,
          state: backend.state,
          query: backend.query,
        };
      }),
    'pg_catalog.pg_tablespace': () => [
      { oid: 1663n, spcname: 'pg_default', spcowner: owner },
      { oid: 1664n, spcname: 'pg_global', spcowner: owner },
    ],
    'pg_catalog.pg_am': () => [
      { oid: heap, amname: 'heap', amhandler: 'heap_tableam_handler', amtype: 't' },
      // What keys are said to be kept in.
      { oid: btree, amname: 'btree', amhandler: 'bthandler', amtype: 'i' },
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
      this.#input.settings.map((known) => ({
        name: known.name,
        setting: known.value,
        unit: known.unit ?? null,
        category: 'Skyhook',
        short_desc: '',
        context: known.isInternal ? 'internal' : 'user',
        vartype: known.type,
        source: known.isChanged ? 'session' : 'default',
        min_val: known.range ? String(known.range[0]) : null,
        max_val: known.range ? String(known.range[1]) : null,
        enumvals: known.words ?? null,
        boot_val: known.byDefault,
        reset_val: known.byDefault,
        pending_restart: false,
      })),
    'pg_catalog.pg_timezone_names': () => timeZoneRows(),
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
    'pg_catalog.pg_language': () => [
      { oid: 12n, lanname: 'internal', lanowner: owner, lanispl: false, lanpltrusted: false },
      { oid: 14n, lanname: 'sql', lanowner: owner, lanispl: false, lanpltrusted: true },
    ],
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
      _name: this.#isAlone(name) ? quoteIdent(name) : `${quoteIdent(table.dataset)}.${quoteIdent(name)}`,
    };
  }

  /** Whether it is found without its dataset. */
  #isAlone(name: string): boolean {
    if (!this.#names) {
      this.#names = new Map();
      for (const { name } of this.#relations) this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    }
    return this.#names.get(name) === 1;
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
        column_default: defaultText(rule, table.dataset) ?? null,
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

function attributeRows({ oid, table }: Relation): SystemRow[] {
  return table.columns.map((column, i) => {
    const rule = ruleOf(table, column.name);
    return attributeRow(oid, column, i + 1, {
      ...(rule?.precision && { atttypmod: timeModifier(sqlTypeOf(column.type), rule.precision) }),
      attnotnull: rule?.notNull === true,
      atthasdef: (defaultText(rule, table.dataset) ?? rule?.generated) !== undefined,
      attidentity: rule?.identity ? (rule.identity === 'always' ? 'a' : 'd') : '',
      attgenerated: rule?.generated === undefined ? '' : 's',
    });
  });
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
const allProcedures = (): SystemRow[] => (procedures ??= procedureRows(new ObjectIds(), pgCatalog, owner));

/** Of `abs`, or `abs(integer)` with types in any of their spellings. */
function procedureOid(kind: 'regproc' | 'regprocedure', text: string): bigint | undefined {
  const [, name, args] = /^([^(]*?)\s*(?:\((.*)\))?\s*$/s.exec(text) ?? [];
  const folded = name?.trim().toLowerCase() ?? '';
  const ofName = allProcedures().filter((row) => row['proname'] === folded);
  // Functions of types are named in pg_type alone.
  if (ofName.length === 0 && isTypeFunction(folded)) return new ObjectIds().of('function', folded);
  if (kind === 'regproc' || args === undefined) return ofName[0]?.['oid'] as bigint | undefined;
  const wanted = args.trim() === '' ? [] : args.split(',').map((arg) => typeOidByName(arg));
  const found = ofName.find((row) => {
    const types = row['proargtypes'] as readonly Value[];
    return types.length === wanted.length && types.every((type, i) => type === wanted[i]);
  });
  return found?.['oid'] as bigint | undefined;
}

/** Zones as they are now; letters are not looked for, the offset is as good a name. */
function timeZoneRows(): SystemRow[] {
  return zonesAt(BigInt(Date.now()) * 1000n).map(({ name, offset, isSummerTime }) => ({
    name,
    abbrev: `${offset < 0 ? '-' : '+'}${String(Math.floor(Math.abs(offset) / 3600)).padStart(2, '0')}`,
    utc_offset: { months: 0, days: 0, micros: BigInt(offset) * 1_000_000n },
    is_dst: isSummerTime,
  }));
}
