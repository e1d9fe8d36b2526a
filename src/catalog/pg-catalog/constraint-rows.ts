// Rules of tables as the catalogue tells of them: constraints, indexes of their own and those that stand for keys, defaults, sequences.
import { quoteIdent } from '../../core/index.js';
import type { ColumnDefinition, ConstraintDefinition, DatasetSnapshot, IndexDefinition, TableEntry } from '../table.js';
import type { ObjectIds } from './object-ids.js';
import type { SystemRow } from './system-table.js';

/** A table as the catalogue knows it. */
export interface CatalogTable {
  readonly oid: bigint;
  readonly schema: bigint;
  readonly table: TableEntry;
}

interface Constraint extends CatalogTable {
  readonly constraint: Exclude<ConstraintDefinition, IndexDefinition>;
  readonly id: bigint;
  /** Of its index, where it is a key. */
  readonly index: bigint;
}

interface Index extends CatalogTable {
  readonly index: bigint;
  /** Of a key, or of its own. */
  readonly of: IndexDefinition | Extract<ConstraintDefinition, { readonly kind: 'primary key' | 'unique' }>;
}

interface Sequence {
  readonly oid: bigint;
  readonly schema: bigint;
  readonly name: string;
  readonly type: 'int2' | 'int4' | 'int8';
}

const typeOids = { int2: 21n, int4: 23n, int8: 20n };
const largest = { int2: 32767n, int4: 2147483647n, int8: 9223372036854775807n };
const actions: Readonly<Record<string, string>> = {
  'no action': 'a',
  restrict: 'r',
  cascade: 'c',
  'set null': 'n',
  'set default': 'd',
};

const list = (names: readonly string[]): string => `(${names.map(quoteIdent).join(', ')})`;

export const ruleOf = (table: TableEntry, column: string): ColumnDefinition | undefined =>
  table.definition?.columns.find(({ name }) => name === column);

/** What `column_default` shows: the expression, or the sequence's next value; not of identities and generated columns. */
export function defaultText(rule: ColumnDefinition | undefined, dataset: string): string | undefined {
  if (rule?.default !== undefined) return rule.default;
  return rule?.sequence !== undefined && !rule.identity
    ? `nextval('${dataset === 'public' ? '' : `${quoteIdent(dataset)}.`}${quoteIdent(rule.sequence)}'::regclass)`
    : undefined;
}

export class TableRules {
  readonly #tables: readonly CatalogTable[];
  readonly #constraints: readonly Constraint[];
  readonly #indexes: readonly Index[];
  readonly #sequences: readonly Sequence[];
  readonly #ids: ObjectIds;

  constructor(ids: ObjectIds, tables: readonly CatalogTable[], datasets: readonly DatasetSnapshot[]) {
    this.#ids = ids;
    this.#tables = tables;
    const rules = tables.flatMap((owner) =>
      (owner.table.definition?.constraints ?? []).map((rule) => ({
        ...owner,
        rule,
        names: [owner.table.dataset, owner.table.path, rule.name],
      })),
    );
    this.#constraints = rules.flatMap(({ rule, names, ...owner }) =>
      rule.kind === 'index'
        ? []
        : [{ ...owner, constraint: rule, id: ids.of('constraint', ...names), index: ids.of('index', ...names) }],
    );
    this.#indexes = rules.flatMap(({ rule, names, ...owner }) =>
      rule.kind === 'check' || rule.kind === 'foreign key'
        ? []
        : [{ ...owner, of: rule, index: ids.of('index', ...names) }],
    );
    this.#sequences = datasets.flatMap(({ name: dataset, definitions }) =>
      (definitions?.sequences ?? []).flatMap(({ name, table, type }) => {
        const owner = tables.find((t) => t.table.dataset === dataset && t.table.path === table);
        return owner ? [{ oid: ids.of('sequence', dataset, name), schema: owner.schema, name, type }] : [];
      }),
    );
  }

  #of(oid: bigint): readonly Constraint[] {
    return this.#constraints.filter((constraint) => constraint.oid === oid);
  }

  /** What a table's row of pg_class says of them. */
  facts(oid: bigint): { readonly relhasindex: boolean; readonly relchecks: number; readonly relhastriggers: boolean } {
    const kinds = this.#of(oid).map(({ constraint }) => constraint.kind);
    return {
      relhasindex: this.#indexes.some((index) => index.oid === oid),
      relchecks: kinds.filter((kind) => kind === 'check').length,
      relhastriggers: kinds.includes('foreign key'),
    };
  }

  /** Names of what has a row of pg_class beside the tables, with their kind. */
  *relations(): Iterable<{
    readonly oid: bigint;
    readonly schema: bigint;
    readonly name: string;
    readonly kind: string;
  }> {
    for (const { index, schema, of } of this.#indexes) yield { oid: index, schema, name: of.name, kind: 'i' };
    for (const { oid, schema, name } of this.#sequences) yield { oid, schema, name, kind: 'S' };
  }

  constraintRows(): SystemRow[] {
    return this.#constraints.map(({ constraint, id, oid, schema, index, table }): SystemRow => {
      const foreign = constraint.kind === 'foreign key' ? constraint : undefined;
      const other = foreign && this.#referenced(foreign.references);
      const { columns } = constraint;
      return {
        oid: id,
        conname: constraint.name,
        connamespace: schema,
        contype: { check: 'c', 'primary key': 'p', unique: 'u', 'foreign key': 'f' }[constraint.kind],
        condeferrable: false,
        condeferred: false,
        // What is not enforced is not known to hold.
        convalidated: !foreign,
        conrelid: oid,
        contypid: 0n,
        conindid: constraint.kind === 'primary key' || constraint.kind === 'unique' ? index : 0n,
        conparentid: 0n,
        confrelid: other?.oid ?? 0n,
        confupdtype: foreign ? (actions[foreign.onUpdate ?? 'no action'] ?? 'a') : ' ',
        confdeltype: foreign ? (actions[foreign.onDelete ?? 'no action'] ?? 'a') : ' ',
        confmatchtype: foreign ? (foreign.match === 'full' ? 'f' : 's') : ' ',
        conislocal: true,
        coninhcount: 0,
        connoinherit: constraint.kind !== 'check',
        conkey: columns.length > 0 ? positionsOf(table, columns) : null,
        confkey: foreign && other ? positionsOf(other.table, foreign.references.columns) : null,
        conbin: constraint.kind === 'check' ? `(${constraint.condition})` : null,
      };
    });
  }

  indexRows(): SystemRow[] {
    return this.#indexes.map(({ of, index, oid, table }): SystemRow => {
      const { columns } = of;
      return {
        indexrelid: index,
        indrelid: oid,
        indnatts: columns.length,
        indnkeyatts: columns.length,
        indisunique: isUnique(of),
        indnullsnotdistinct: of.nullsNotDistinct === true,
        indisprimary: of.kind === 'primary key',
        indisexclusion: false,
        indimmediate: true,
        indisclustered: false,
        indisvalid: true,
        indcheckxmin: false,
        indisready: true,
        indislive: true,
        indisreplident: false,
        indkey: positionsOf(table, columns),
        indcollation: columns.map(() => 0n),
        indclass: columns.map(() => 0n),
        indoption: of.kind === 'index' ? of.options : columns.map(() => 0),
      };
    });
  }

  indexesRows(): SystemRow[] {
    return this.#indexes.map(({ of, table }) => ({
      schemaname: table.dataset,
      tablename: table.path,
      indexname: of.name,
      indexdef: indexText(table, of),
    }));
  }

  defaultRows(): SystemRow[] {
    return this.#tables.flatMap(({ oid, table }) =>
      table.columns.flatMap(({ name }, i): SystemRow[] => {
        const rule = ruleOf(table, name);
        const text = defaultText(rule, table.dataset) ?? rule?.generated;
        if (text === undefined) return [];
        return [
          { oid: this.#ids.of('default', table.dataset, table.path, name), adrelid: oid, adnum: i + 1, adbin: text },
        ];
      }),
    );
  }

  sequenceRows(): SystemRow[] {
    return this.#sequences.map(({ oid, type }) => ({
      seqrelid: oid,
      seqtypid: typeOids[type],
      seqstart: 1n,
      seqincrement: 1n,
      seqmax: largest[type],
      seqmin: 1n,
      seqcache: 1n,
      seqcycle: false,
    }));
  }

  /** By oid, what the `pg_get_…def` functions say. */
  definitionRows(): SystemRow[] {
    return [
      ...this.#constraints.map(({ id, constraint }) => ({ _oid: id, _definition: constraintText(constraint) })),
      ...this.#indexes.map(({ index, table, of }) => ({ _oid: index, _definition: indexText(table, of) })),
      ...this.#tables.flatMap(({ oid, table }) =>
        table.view ? [{ _oid: oid, _definition: ` ${table.view.query};` }] : [],
      ),
    ];
  }

  tableConstraintRows(database: string): SystemRow[] {
    return this.#constraints.map(({ constraint, table }) => ({
      constraint_catalog: database,
      constraint_schema: table.dataset,
      constraint_name: constraint.name,
      table_catalog: database,
      table_schema: table.dataset,
      table_name: table.path,
      constraint_type: constraint.kind.toUpperCase(),
      is_deferrable: 'NO',
      initially_deferred: 'NO',
      enforced: constraint.kind === 'foreign key' ? 'NO' : 'YES',
    }));
  }

  keyColumnRows(database: string): SystemRow[] {
    return this.#constraints.flatMap(({ constraint, table }) => {
      if (constraint.kind === 'check') return [];
      return constraint.columns.map((column, i) => ({
        constraint_catalog: database,
        constraint_schema: table.dataset,
        constraint_name: constraint.name,
        table_catalog: database,
        table_schema: table.dataset,
        table_name: table.path,
        column_name: column,
        ordinal_position: i + 1,
        position_in_unique_constraint: constraint.kind === 'foreign key' ? i + 1 : null,
      }));
    });
  }

  #referenced({ dataset, table }: { readonly dataset: string; readonly table: string }): CatalogTable | undefined {
    return this.#tables.find((other) => other.table.dataset === dataset && other.table.path === table);
  }
}

const positionsOf = (table: TableEntry, columns: readonly string[]): number[] =>
  columns.map((name) => table.columns.findIndex((column) => column.name === name) + 1);

const isUnique = (of: Index['of']): boolean => of.kind !== 'index' || of.unique;

/** By indoption: what is not the default is said. */
const orders = ['', ' DESC NULLS LAST', ' NULLS FIRST', ' DESC'];

function indexText(table: TableEntry, of: Index['of']): string {
  const columns = of.columns.map((name, i) => quoteIdent(name) + orders[of.kind === 'index' ? of.options[i]! : 0]);
  const nulls = of.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
  return `CREATE ${isUnique(of) ? 'UNIQUE ' : ''}INDEX ${quoteIdent(of.name)} ON ${quoteIdent(table.dataset)}.${quoteIdent(table.path)} USING btree (${columns.join(', ')})${nulls}`;
}

function constraintText(constraint: Constraint['constraint']): string {
  switch (constraint.kind) {
    case 'check':
      return `CHECK ((${constraint.condition}))`;
    case 'primary key':
      return `PRIMARY KEY ${list(constraint.columns)}`;
    case 'unique':
      return `UNIQUE${constraint.nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''} ${list(constraint.columns)}`;
    case 'foreign key': {
      const { dataset, table, columns } = constraint.references;
      const on = (event: string, action: string | undefined) =>
        action && action !== 'no action' ? ` ON ${event} ${action.toUpperCase()}` : '';
      const match = constraint.match === 'full' ? ' MATCH FULL' : '';
      const to = `${quoteIdent(dataset)}.${quoteIdent(table)}${list(columns)}`;
      return `FOREIGN KEY ${list(constraint.columns)} REFERENCES ${to}${match}${on('UPDATE', constraint.onUpdate)}${on('DELETE', constraint.onDelete)} NOT VALID`;
    }
  }
}
