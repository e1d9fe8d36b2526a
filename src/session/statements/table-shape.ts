// CREATE TABLE's list of columns and constraints → what is kept of it: types, and the rules of rows.
import type { TableEntry } from '../../catalog/index.js';
import {
  fail,
  holdsPart,
  isTime,
  objectTypeOf,
  printSqlType,
  type SqlType,
  sameType,
  sqlTypeOf,
  type TimePrecision,
  types,
} from '../../core/index.js';
import {
  type ColumnConstraint,
  type ColumnDefinition,
  type CreateIndex,
  type CreateTable,
  type Expr,
  type Name,
  parseExpression,
  printExpr,
  type TableConstraint,
  type TypeName,
} from '../../parser/index.js';
import { bindTypeName, foldName } from '../../planner/index.js';
import {
  type ConstraintDefinition,
  isTemporaryDataset,
  type SequenceDefinition,
  type ColumnDefinition as StoredColumn,
  type TableDefinition,
} from '../../store/index.js';
import type { Session } from '../session.js';
import { checkColumns } from './create-table-as.js';
import { isKey } from './row-rules.js';

/** The type of a column that a table is to have. @throws DiagnosticError 0A000 for names of the catalogue's objects, which may change */
export function keptType(name: TypeName): SqlType {
  const type = bindTypeName(name);
  if (holdsPart(type, (part) => objectTypeOf(part) !== undefined))
    throw fail('feature_not_supported', `columns of type ${printSqlType(type)} are not supported`, {
      span: name.span,
      hint: 'A column of type oid keeps the number.',
    });
  return type;
}

export interface TableColumn {
  readonly name: string;
  readonly type: SqlType;
}

export interface TableShape {
  readonly columns: readonly TableColumn[];
  readonly definition: TableDefinition;
  readonly sequences: readonly SequenceDefinition[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const serials: Readonly<Record<string, SqlType>> = {
  smallserial: types.int2,
  serial2: types.int2,
  serial: types.int4,
  serial4: types.int4,
  bigserial: types.int8,
  serial8: types.int8,
};

/** Collects columns and constraints of one table, and names what has no name as PostgreSQL does. */
export class ShapeBuilder {
  readonly #session: Session;
  readonly #dataset: string;
  readonly #table: string;
  readonly columns: TableColumn[] = [];
  readonly rules: Mutable<StoredColumn>[] = [];
  readonly constraints: ConstraintDefinition[] = [];
  readonly sequences: SequenceDefinition[] = [];
  /** Checks once all columns are known, in the order of the text. */
  readonly #later: (() => Promise<void>)[] = [];
  /** Names of the dataset's sequences and relations, which new ones must differ from. */
  readonly #taken: ReadonlySet<string>;

  constructor(session: Session, dataset: string, table: string, taken: ReadonlySet<string>) {
    this.#session = session;
    this.#dataset = dataset;
    this.#table = table;
    this.#taken = taken;
  }

  /** @throws DiagnosticError as PostgreSQL would */
  async finish(onCommit: TableDefinition['onCommit']): Promise<TableShape> {
    checkColumns(this.columns);
    for (const check of this.#later) await check();
    return {
      columns: this.columns,
      definition: {
        name: this.#table,
        columns: this.rules.filter((rule) => Object.keys(rule).length > 1),
        constraints: this.constraints,
        ...(onCommit && { onCommit }),
      },
      sequences: this.sequences,
    };
  }

  addColumn({ name: written, type: typeName, constraints, span }: ColumnDefinition): void {
    const name = foldName(written);
    const serial = typeName.name.length === 1 ? serials[typeName.name[0]!.text.toLowerCase()] : undefined;
    const column: TableColumn = { name, type: serial ?? keptType(typeName) };
    const rule: Mutable<StoredColumn> = { name };
    const precision = precisionOf(typeName, column.type);
    if (precision) rule.precision = precision;
    this.columns.push(column);
    this.rules.push(rule);
    let nullable: boolean | undefined;
    const decide = (value: boolean, at: ColumnConstraint) => {
      if (nullable !== undefined && nullable !== value)
        throw fail(
          'syntax_error',
          `conflicting NULL/NOT NULL declarations for column "${name}" of table "${this.#table}"`,
          { span: at.span },
        );
      nullable = value;
      if (!value) rule.notNull = true;
    };
    const source = (what: 'default' | 'generation' | 'identity', at: ColumnConstraint) => {
      const known =
        rule.default !== undefined
          ? 'default'
          : rule.identity
            ? 'identity'
            : rule.generated !== undefined
              ? 'generation'
              : rule.sequence
                ? 'default'
                : undefined;
      if (!known) return;
      throw fail(
        'syntax_error',
        known === what
          ? what === 'identity'
            ? `multiple identity specifications for column "${name}" of table "${this.#table}"`
            : `multiple ${what === 'default' ? 'default values' : 'generation clauses'} specified for column "${name}" of table "${this.#table}"`
          : `both ${known} and ${what}${what === 'generation' ? ' expression' : ''} specified for column "${name}" of table "${this.#table}"`,
        { span: at.span },
      );
    };
    if (serial) {
      rule.sequence = this.newSequence(column);
      rule.notNull = true;
    }
    for (const constraint of constraints)
      switch (constraint.kind) {
        case 'not_null':
        case 'null':
          decide(constraint.kind === 'null', constraint);
          break;
        case 'default': {
          source('default', constraint);
          rule.default = printExpr(constraint.value);
          this.#later.push(() => this.checkDefault(name, constraint.value));
          break;
        }
        case 'generated':
          source('generation', constraint);
          rule.generated = printExpr(constraint.value);
          this.#later.push(() => this.#checkGenerated(name, constraint.value));
          break;
        case 'identity':
          source('identity', constraint);
          if (!/^int[248]$/.test(column.type.kind))
            throw fail('invalid_parameter_value', 'identity column type must be smallint, integer, or bigint', {
              span,
            });
          rule.identity = constraint.always ? 'always' : 'by default';
          rule.sequence = this.newSequence(column);
          decide(false, constraint);
          break;
        case 'collate':
        case 'timing':
          break;
        default:
          this.addConstraint({
            ...(constraint.name && { name: constraint.name }),
            columns: [{ text: name, quoted: true, span: constraint.span }],
            rule: constraint,
            timing: [],
            span: constraint.span,
          });
      }
  }

  addConstraint({ name, columns, rule, span }: TableConstraint): void {
    switch (rule.kind) {
      case 'check': {
        const names = columnsIn(rule.condition);
        const named = names.size === 1 ? [...names][0]! : columns.length === 1 ? columns[0]!.text : undefined;
        this.constraints.push({
          kind: 'check',
          name: this.#constraintName(name, named === undefined ? [] : [named], 'check'),
          condition: printExpr(rule.condition),
          columns: [...names],
        });
        this.#later.push(() => this.checkCondition(rule.condition));
        return;
      }
      case 'unique':
      case 'primary_key': {
        const primary = rule.kind === 'primary_key';
        if (primary && this.constraints.some(({ kind }) => kind === 'primary key'))
          throw fail('invalid_table_definition', `multiple primary keys for table "${this.#table}" are not allowed`, {
            span,
          });
        const keys = columns.map(foldName);
        this.constraints.push({
          kind: primary ? 'primary key' : 'unique',
          name: this.#constraintName(name, primary ? [] : keys, primary ? 'pkey' : 'key'),
          columns: keys,
          ...(rule.nullsNotDistinct && { nullsNotDistinct: true }),
        });
        this.#later.push(async () => {
          for (const [i, key] of keys.entries()) {
            this.#mustHave(key, columns[i]!, 'key');
            if (keys.indexOf(key) < i)
              throw fail(
                'duplicate_column',
                `column "${key}" appears twice in ${primary ? 'primary key' : 'unique'} constraint`,
                { span },
              );
            if (primary) this.rules.find((r) => r.name === key)!.notNull = true;
          }
        });
        return;
      }
      case 'references': {
        const keys = columns.map(foldName);
        const own = this.#constraintName(name, keys, 'fkey');
        const at = this.constraints.length;
        this.constraints.push({
          kind: 'foreign key',
          name: own,
          columns: keys,
          references: { dataset: '', table: '', columns: [] },
        });
        this.#later.push(async () => {
          for (const [i, key] of keys.entries()) this.#mustHave(key, columns[i]!, 'foreign key constraint');
          this.constraints[at] = await this.#foreignKey(own, keys, rule, span);
        });
      }
    }
  }

  addIndex({ name, columns, unique, nullsNotDistinct }: CreateIndex): void {
    const keys = columns.map((column) => foldName(column.name));
    for (const [i, key] of keys.entries()) this.#mustHave(key, columns[i]!.name, 'index');
    this.constraints.push({
      kind: 'index',
      name: name ? foldName(name) : this.#constraintName(undefined, keys, 'idx'),
      columns: keys,
      unique,
      ...(nullsNotDistinct && { nullsNotDistinct }),
      options: columns.map(({ direction, nulls }) => {
        const descending = direction === 'desc';
        return (descending ? 1 : 0) | ((nulls ? nulls === 'first' : descending) ? 2 : 0);
      }),
    });
  }

  /** What LIKE copies. */
  addLike(table: TableEntry, options: readonly string[]): void {
    const wanted = new Set<string>();
    for (const option of options) {
      const [mode, what] = option.toLowerCase().split(' ') as [string, string];
      const all = ['comments', 'compression', 'constraints', 'defaults', 'generated', 'identity', 'indexes'];
      for (const each of what === 'all' ? all : [what])
        if (mode === 'including') wanted.add(each);
        else wanted.delete(each);
    }
    for (const { name, type } of table.columns) {
      const given = table.definition?.columns.find((rule) => rule.name === name);
      const column = { name, type };
      this.columns.push(column);
      const rule: Mutable<StoredColumn> = { name };
      this.rules.push(rule);
      if (given?.notNull) rule.notNull = true;
      if (given?.precision) rule.precision = given.precision;
      if (given?.default !== undefined && wanted.has('defaults')) rule.default = given.default;
      // A serial column's default goes on with the sequence of the other table.
      if (given?.generated !== undefined && wanted.has('generated')) rule.generated = given.generated;
      if (given?.identity && wanted.has('identity')) {
        rule.identity = given.identity;
        rule.sequence = this.newSequence(column);
      }
    }
    for (const rule of table.definition?.constraints ?? []) {
      if (rule.kind === 'foreign key' || !wanted.has(rule.kind === 'check' ? 'constraints' : 'indexes')) continue;
      if (rule.kind === 'check') {
        this.constraints.push(rule);
        continue;
      }
      const label = { 'primary key': 'pkey', unique: 'key', index: 'idx' }[rule.kind];
      const name = this.#constraintName(undefined, rule.kind === 'primary key' ? [] : rule.columns, label);
      this.constraints.push({ ...rule, name });
    }
  }

  // ---- checks ----------------------------------------------------------------------------------------------------------

  async checkDefault(name: string, value: Expr): Promise<void> {
    const row = await this.#session.lookup.rowExpressions([{ name: this.#table, columns: this.columns }]);
    const at = this.columns.findIndex((column) => column.name === name);
    const [reference] = columnsIn(value);
    if (reference !== undefined)
      throw fail('feature_not_supported', 'cannot use column reference in DEFAULT expression', { span: value.span });
    row.value(value, at, 'DEFAULT expression', false);
  }

  async checkCondition(condition: Expr): Promise<void> {
    const row = await this.#session.lookup.rowExpressions([{ name: this.#table, columns: this.columns }]);
    row.condition(condition, 'CHECK', 'check constraint');
  }

  async #checkGenerated(name: string, value: Expr): Promise<void> {
    const row = await this.#session.lookup.rowExpressions([{ name: this.#table, columns: this.columns }]);
    const at = this.columns.findIndex((column) => column.name === name);
    for (const used of columnsIn(value)) {
      if (this.rules.some((rule) => rule.name === used && rule.generated !== undefined))
        throw fail(
          'invalid_object_definition',
          `cannot use generated column "${used}" in column generation expression`,
          { span: value.span, detail: 'A generated column cannot reference another generated column.' },
        );
    }
    row.value(value, at, 'column generation expression', true);
  }

  #mustHave(key: string, { span }: Name, where: string): void {
    if (this.columns.some(({ name }) => name === key)) return;
    throw fail(
      'undefined_column',
      `column "${key}" ${{ key: 'named in key ', index: '' }[where] ?? `referenced in ${where} `}does not exist`,
      { span },
    );
  }

  async #foreignKey(
    name: string,
    keys: readonly string[],
    rule: Extract<TableConstraint['rule'], { readonly kind: 'references' }>,
    span: TableConstraint['span'],
  ): Promise<ConstraintDefinition> {
    const self = rule.table.length === 1 && foldName(rule.table[0]!) === this.#table;
    const other = self ? undefined : await this.#session.lookup.relation(rule.table);
    const dataset = other?.dataset ?? this.#dataset;
    if (isTemporaryDataset(dataset) !== isTemporaryDataset(this.#dataset)) {
      const own = isTemporaryDataset(this.#dataset) ? 'temporary' : 'permanent';
      throw fail('invalid_table_definition', `constraints on ${own} tables may reference only ${own} tables`, { span });
    }
    const table = other?.path ?? this.#table;
    const constraints = other ? (other.definition?.constraints ?? []) : this.constraints;
    const columns = other?.columns ?? this.columns;
    const uniques = constraints.filter(isKey);
    let referenced = rule.columns.map(foldName);
    if (referenced.length === 0) {
      const primary = uniques.find(({ kind }) => kind === 'primary key');
      if (!primary) throw fail('undefined_object', `there is no primary key for referenced table "${table}"`, { span });
      referenced = [...primary.columns];
    }
    for (const [i, column] of referenced.entries())
      if (!columns.some((c) => c.name === column))
        throw fail('undefined_column', `column "${column}" referenced in foreign key constraint does not exist`, {
          span: rule.columns[i]?.span ?? span,
        });
    if (referenced.length !== keys.length)
      throw fail('invalid_foreign_key', 'number of referencing and referenced columns for foreign key disagree', {
        span,
      });
    if (
      !uniques.some(
        (key) => key.columns.length === referenced.length && key.columns.every((c) => referenced.includes(c)),
      )
    )
      throw fail(
        'invalid_foreign_key',
        `there is no unique constraint matching given keys for referenced table "${table}"`,
        { span },
      );
    for (const [i, key] of keys.entries()) {
      const mine = sqlTypeOf(this.columns.find((c) => c.name === key)!.type);
      const theirs = sqlTypeOf(columns.find((c) => c.name === referenced[i])!.type);
      const numbers = (type: SqlType) => /^(?:int|float|numeric)/.test(type.kind);
      const texts = (type: SqlType) => /^(?:text|varchar|char)$/.test(type.kind);
      if (!sameType(mine, theirs) && !(numbers(mine) && numbers(theirs)) && !(texts(mine) && texts(theirs)))
        throw fail('datatype_mismatch', `foreign key constraint "${name}" cannot be implemented`, { span });
    }
    this.#session.notice('successful_completion', `foreign key "${name}" is kept, but not enforced`);
    return {
      kind: 'foreign key',
      name,
      columns: keys,
      references: { dataset, table, columns: referenced },
      ...(rule.match && { match: rule.match }),
      ...(rule.onDelete && { onDelete: rule.onDelete.action }),
      ...(rule.onUpdate && { onUpdate: rule.onUpdate.action }),
    };
  }

  // ---- names -----------------------------------------------------------------------------------------------------------

  #constraintName(written: Name | undefined, columns: readonly string[], label: string): string {
    const has = (name: string) => this.constraints.some((constraint) => constraint.name === name);
    if (written) {
      const name = foldName(written);
      if (has(name))
        throw fail('duplicate_object', `constraint "${name}" for relation "${this.#table}" already exists`, {
          span: written.span,
        });
      return name;
    }
    return freeName(
      [this.#table, ...columns],
      label,
      (name) => has(name) || (label !== 'check' && label !== 'fkey' && this.#taken.has(name)),
    );
  }

  setDefault(name: string, value: Expr): void {
    this.rules.find((rule) => rule.name === name)!.default = printExpr(value);
    this.#later.push(() => this.checkDefault(name, value));
  }

  newSequence({ name, type }: TableColumn): string {
    const sequence = freeName(
      [this.#table, name],
      'seq',
      (found) => this.#taken.has(found) || this.sequences.some((other) => other.name === found),
    );
    this.sequences.push({ name: sequence, table: this.#table, column: name, next: 1, type: type.kind as 'int4' });
    return sequence;
  }
}

/** What a column of times keeps, where that is not all. */
export function precisionOf(
  { modifiers, intervalFields, dimensions }: TypeName,
  type: SqlType,
): TimePrecision | undefined {
  const [digits] = modifiers;
  if (!isTime(type) || dimensions > 0 || (!digits && intervalFields === undefined)) return undefined;
  return {
    ...(digits?.kind === 'number' && { digits: Math.min(Number(digits.text), 6) }),
    ...(intervalFields !== undefined && { fields: intervalFields }),
  };
}

/** As PostgreSQL names what has no name: parts and a label, with a number where that is taken. */
function freeName(parts: readonly string[], label: string, taken: (name: string) => boolean): string {
  const base = parts.join('_').slice(0, 63 - label.length - 1);
  for (let i = 0; ; i++) {
    const name = `${base}_${label}${i === 0 ? '' : i}`;
    if (!taken(name)) return name;
  }
}

/** Names of columns that an expression, or its text, mentions; folded, without their table's. */
export function columnsIn(given: Expr | string): Set<string> {
  const expr = typeof given === 'string' ? parseExpression(given) : given;
  const found = new Set<string>();
  // In the order of the text, as near as breadth first comes to it.
  const pending: unknown[] = [expr];
  for (const node of pending) {
    if (node === null || typeof node !== 'object') continue;
    const { kind, parts } = node as { kind?: unknown; parts?: readonly Name[] };
    if (kind === 'column' && parts) found.add(foldName(parts.at(-1)!));
    else pending.push(...Object.values(node));
  }
  return found;
}

/** The text of an expression in which a column is called otherwise. */
export function renamedIn(text: string, from: string, to: string): string {
  const renamed = (node: unknown): unknown => {
    if (node === null || typeof node !== 'object') return node;
    if (Array.isArray(node)) return node.map(renamed);
    const { kind, parts } = node as { kind?: unknown; parts?: readonly Name[] };
    const last = parts?.at(-1);
    if (kind === 'column' && last && foldName(last) === from)
      return { ...node, parts: [...parts!.slice(0, -1), { ...last, text: to, quoted: true }] };
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, renamed(child)]));
  };
  return printExpr(renamed(parseExpression(text)) as Expr);
}

/** The rules of a statement's table. */
export async function shapeOf(
  session: Session,
  statement: CreateTable,
  target: { readonly dataset: string; readonly name: string; readonly taken: ReadonlySet<string> },
): Promise<TableShape> {
  const builder = new ShapeBuilder(session, target.dataset, target.name, target.taken);
  const elements = [
    ...statement.likes.map((like) => ({ like, at: like.table[0]!.span.start })),
    ...statement.columns.map((column) => ({ column, at: column.span.start })),
  ];
  for (const element of elements.sort((a, b) => a.at - b.at))
    if ('column' in element) builder.addColumn(element.column);
    else builder.addLike(await session.lookup.relation(element.like.table), element.like.options);
  for (const constraint of statement.constraints) builder.addConstraint(constraint);
  const { onCommit } = statement;
  return builder.finish(onCommit === 'preserve rows' ? undefined : onCommit);
}
