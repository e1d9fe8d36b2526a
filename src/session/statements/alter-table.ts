// ALTER TABLE: all actions on a draft of the table, then its rows written anew through the new rules, or where none changes, only its definition.
import type { RecordBatch } from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import { DiagnosticError, fail, type Span, types } from '../../core/index.js';
import { fromBatch, fromValues, toBatch, type Vec } from '../../exec/index.js';
import type { AlterAction, AlterTable, CreateIndex, Expr, Name, TypeName } from '../../parser/index.js';
import { bindUpdate, type Column, foldName } from '../../planner/index.js';
import { changeDataset, type DatasetDefinitions } from '../../store/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { always, item } from './changed-rows.js';
import { dependentViews } from './drop.js';
import { columnOf, nameOf, selectOf } from './query-of.js';
import { RowRules } from './row-rules.js';
import {
  columnsIn,
  keptType,
  precisionOf,
  renamedIn,
  ShapeBuilder,
  type TableColumn,
  type TableShape,
} from './table-shape.js';
import { defined, duplicate, filesOf, manifestHas, namesIn, relationNamed, stillAsRead } from './target.js';
import { writeRows } from './write-rows.js';

/** Of ALTER TABLE, and of the statements that change a table's indexes. */
export type TableAction =
  | AlterAction
  | { readonly kind: 'add_index'; readonly index: CreateIndex }
  | { readonly kind: 'drop_index'; readonly name: string };

export async function alterTable(
  session: Session,
  statement: AlterTable,
  options: QueryOptions,
): Promise<StatementResult> {
  const { ifExists } = statement;
  const { name } = statement.table;
  const tag = 'ALTER TABLE';
  let table: TableEntry;
  try {
    table = await session.lookup.relation(name);
  } catch (error) {
    const missing =
      error instanceof DiagnosticError &&
      ['undefined_table', 'invalid_schema_name'].includes(error.diagnostic.condition);
    if (!missing) throw error;
    const label = name.map(({ text }) => text).join('.');
    if (!ifExists) throw fail('undefined_table', `relation "${label}" does not exist`, { span: name.at(-1)!.span });
    session.notice('successful_completion', `relation "${label}" does not exist, skipping`);
    return { tag };
  }
  if (table.view) throw fail('wrong_object_type', `"${table.path}" is not a table`, { span: name.at(-1)!.span });
  await session.mayChange(table.dataset, tag);
  await changeTable(session, table, statement, options);
  return { tag };
}

export async function changeTable(
  session: Session,
  table: TableEntry,
  { actions, span }: { readonly actions: readonly TableAction[]; readonly span: Span },
  options: QueryOptions,
): Promise<void> {
  const snapshot = await session.database.catalog.dataset(table.dataset);
  const draft = new Draft(session, table, namesIn(snapshot), snapshot.definitions);
  for (const action of actions) {
    if (action.kind === 'rename_table' && relationNamed(snapshot, foldName(action.to)))
      throw duplicate(foldName(action.to));
    draft.apply(action);
  }
  if (draft.columns.length === 0)
    throw fail('feature_not_supported', 'a table without columns is not supported', { span });
  await checkViews(session, table, actions);
  const shape = await draft.finish();
  if (draft.rewrites) await rewrite(session, table, draft, shape, options);
  else
    await changeDataset(session.database.store, table.dataset, (_, definitions) => ({
      definitions: draft.definitions(definitions, shape),
    }));
  await session.changed(table.dataset);
}

/** Views keep the names and positions of columns. */
async function checkViews(session: Session, table: TableEntry, actions: readonly TableAction[]): Promise<void> {
  const risky = actions.find((action): action is AlterAction =>
    ['drop_column', 'rename_column', 'rename_table', 'set_type'].includes(action.kind),
  );
  const [view] = risky ? await dependentViews(session, table) : [];
  if (!risky || !view) return;
  if (risky.kind === 'drop_column')
    throw fail(
      'dependent_objects_still_exist',
      `cannot drop column ${risky.name.text} of table ${table.path} because other objects depend on it`,
      { detail: `view ${view.path} depends on table ${table.path}`, hint: 'Drop the view first.', span: risky.span },
    );
  throw fail('feature_not_supported', `cannot alter table "${table.path}" while view "${view.path}" depends on it`, {
    span: risky.span,
    hint: 'Drop the view, and create it again.',
  });
}

/** The table as it will be. */
class Draft {
  readonly #session: Session;
  readonly #table: TableEntry;
  readonly #builder: ShapeBuilder;
  /** What new and changed columns hold, over the old row; others hold what they did. */
  readonly #values = new Map<TableColumn, Expr>();
  /** Columns that were there, under their old names. */
  readonly #old = new Map<TableColumn, string>();
  /** Those that a new sequence fills. */
  readonly numbered = new Set<TableColumn>();
  readonly #renamed = new Map<string, string>();
  name: string;
  rewrites = false;

  constructor(
    session: Session,
    table: TableEntry,
    taken: ReadonlySet<string>,
    definitions: DatasetDefinitions | undefined,
  ) {
    this.#session = session;
    this.#table = table;
    this.name = table.path;
    this.#builder = new ShapeBuilder(session, table.dataset, table.path, taken);
    for (const { name, type } of table.columns) {
      const column = { name, type };
      this.#builder.columns.push(column);
      this.#builder.rules.push({ ...table.definition?.columns.find((rule) => rule.name === name), name });
      this.#old.set(column, name);
    }
    this.#builder.constraints.push(...(table.definition?.constraints ?? []));
    this.#builder.sequences.push(...(definitions?.sequences ?? []).filter((s) => s.table === table.path));
  }

  get columns(): readonly TableColumn[] {
    return this.#builder.columns;
  }

  async finish(): Promise<TableShape> {
    const shape = await this.#builder.finish(this.#table.definition?.onCommit);
    const used = new Set(shape.definition.columns.map(({ sequence }) => sequence));
    return {
      ...shape,
      definition: { ...shape.definition, name: this.name },
      sequences: shape.sequences.filter(({ name }) => used.has(name)).map((s) => ({ ...s, table: this.name })),
    };
  }

  /** Of each column, over the old row. */
  values(span: Span): Expr[] {
    const owner = nameOf(this.#table.path, span);
    return this.columns.map(
      (column) => this.#values.get(column) ?? columnOf([owner, nameOf(this.#old.get(column)!, span)], span),
    );
  }

  definitions(current: DatasetDefinitions, { definition, sequences }: TableShape): DatasetDefinitions {
    const old = this.#table.path;
    const without = {
      ...current,
      tables: (current.tables ?? []).filter(({ name }) => name !== old),
      sequences: (current.sequences ?? []).filter(({ table }) => table !== old),
      comments: current.comments.flatMap((comment) => {
        if (comment.name !== old || comment.object === 'schema') return [comment];
        if (comment.column === undefined) return [{ ...comment, name: this.name }];
        const column = this.#renamed.get(comment.column) ?? comment.column;
        return this.columns.some(({ name }) => name === column) ? [{ ...comment, name: this.name, column }] : [];
      }),
    };
    return defined(without, definition, sequences);
  }

  apply(action: TableAction): void {
    const builder = this.#builder;
    switch (action.kind) {
      case 'add_column':
        this.#addColumn(action);
        return;
      case 'add_constraint':
        builder.addConstraint(action.constraint);
        this.rewrites = true;
        return;
      case 'add_index':
        builder.addIndex(action.index);
        this.rewrites ||= action.index.unique;
        return;
      case 'drop_index':
        builder.constraints.splice(this.#index(action.name), 1);
        return;
      case 'drop_column':
        this.#dropColumn(action);
        return;
      case 'drop_constraint': {
        const at = this.#constraint(action.name);
        if (at >= 0) builder.constraints.splice(at, 1);
        else
          this.#missing(
            action,
            `constraint "${foldName(action.name)}" of relation "${this.name}" does not exist`,
            'undefined_object',
          );
        return;
      }
      case 'set_default': {
        const { rule } = this.#column(action.name);
        const is = rule.generated === undefined ? (rule.identity ? 'an identity' : undefined) : 'a generated';
        if (is)
          throw fail('syntax_error', `column "${rule.name}" of relation "${this.name}" is ${is} column`, {
            span: action.span,
          });
        delete rule.default;
        delete rule.sequence;
        if (action.value) builder.setDefault(rule.name, action.value);
        return;
      }
      case 'set_not_null':
        this.#column(action.name).rule.notNull = true;
        this.rewrites = true;
        return;
      case 'drop_not_null': {
        const { rule } = this.#column(action.name);
        if (rule.identity)
          throw fail('syntax_error', `column "${rule.name}" of relation "${this.name}" is an identity column`, {
            span: action.span,
          });
        if (builder.constraints.some((c) => c.kind === 'primary key' && c.columns.includes(rule.name)))
          throw fail('invalid_table_definition', `column "${rule.name}" is in a primary key`, { span: action.span });
        delete rule.notNull;
        return;
      }
      case 'set_type': {
        const { column, at, rule } = this.#column(action.name);
        const user = builder.rules.find(
          (rule) => rule.generated !== undefined && columnsIn(rule.generated).has(column.name),
        );
        if (user)
          throw fail('feature_not_supported', 'cannot alter type of a column used by a generated column', {
            span: action.span,
            detail: `Column "${column.name}" is used by generated column "${user.name}".`,
          });
        const changed = { name: column.name, type: keptType(action.type) };
        builder.columns[at] = changed;
        this.#old.set(changed, this.#old.get(column)!);
        const precision = precisionOf(action.type, changed.type);
        if (precision) rule.precision = precision;
        else delete rule.precision;
        if (action.using) this.#values.set(changed, action.using);
        this.rewrites = true;
        return;
      }
      case 'add_identity': {
        const { column, rule } = this.#column(action.name);
        const refused = (why: string) =>
          fail('object_not_in_prerequisite_state', `column "${rule.name}" of relation "${this.name}" ${why}`, {
            span: action.span,
          });
        if (rule.identity) throw refused('is already an identity column');
        if (!rule.notNull) throw refused('must be declared NOT NULL before identity can be added');
        if (rule.default !== undefined || rule.sequence) throw refused('already has a default value');
        rule.identity = action.always ? 'always' : 'by default';
        rule.sequence = builder.newSequence(column);
        return;
      }
      case 'drop_identity':
      case 'drop_expression': {
        const { rule } = this.#column(action.name);
        const isIdentity = action.kind === 'drop_identity';
        if (isIdentity ? rule.identity : rule.generated !== undefined) {
          delete rule.identity;
          if (isIdentity) delete rule.sequence;
          delete rule.generated;
        } else {
          const what = isIdentity ? 'an identity column' : 'a stored generated column';
          this.#missing(
            action,
            `column "${rule.name}" of relation "${this.name}" is not ${what}`,
            'object_not_in_prerequisite_state',
          );
        }
        return;
      }
      case 'rename_column':
        this.#renameColumn(action.name, action.to);
        return;
      case 'rename_constraint': {
        const at = this.#constraint(action.name);
        const to = foldName(action.to);
        if (at < 0)
          throw fail(
            'undefined_object',
            `constraint "${foldName(action.name)}" for table "${this.name}" does not exist`,
            { span: action.name.span },
          );
        if (builder.constraints.some(({ name }) => name === to))
          throw fail('duplicate_object', `constraint "${to}" for relation "${this.name}" already exists`, {
            span: action.to.span,
          });
        builder.constraints[at] = { ...builder.constraints[at]!, name: to };
        return;
      }
      case 'rename_table':
        this.name = foldName(action.to);
        if (/[/;]/.test(this.name) || this.name === '')
          throw fail('invalid_name', `a table cannot be called "${this.name}"`, { span: action.to.span });
        this.rewrites = true;
    }
  }

  /** -1 where there is none. */
  #constraint(written: Name): number {
    return this.#builder.constraints.findIndex(({ kind, name }) => kind !== 'index' && name === foldName(written));
  }

  #index(wanted: string): number {
    return this.#builder.constraints.findIndex(({ kind, name }) => kind === 'index' && name === wanted);
  }

  #addColumn({ column, ifNotExists }: Extract<AlterAction, { readonly kind: 'add_column' }>): void {
    const name = foldName(column.name);
    if (this.columns.some((other) => other.name === name)) {
      const message = `column "${name}" of relation "${this.name}" already exists`;
      if (!ifNotExists) throw fail('duplicate_column', message, { span: column.name.span });
      this.#session.notice('duplicate_column', `${message}, skipping`);
      return;
    }
    this.#builder.addColumn(column);
    const added = this.columns.at(-1)!;
    const rule = this.#builder.rules.at(-1)!;
    const given = column.constraints.find(({ kind }) => kind === 'default') as { readonly value: Expr } | undefined;
    if (rule.sequence) this.numbered.add(added);
    const { span } = column;
    const plain: TypeName = { ...column.type, name: [nameOf(added.type.kind, span)], modifiers: [] };
    this.#values.set(added, {
      kind: 'cast',
      arg: given?.value ?? { kind: 'null', span },
      type: rule.sequence ? plain : column.type,
      attempt: false,
      span,
    } as Expr);
    this.rewrites = true;
  }

  #dropColumn(action: Extract<AlterAction, { readonly kind: 'drop_column' | 'drop_constraint' }>): void {
    const builder = this.#builder;
    const name = foldName(action.name);
    const at = this.#at(action.name);
    if (at < 0) {
      this.#missing(action, `column "${name}" of relation "${this.name}" does not exist`, 'undefined_column');
      return;
    }
    const dropped = this.columns[at]!.name;
    for (const rule of [...builder.rules]) {
      if (rule.generated === undefined || !columnsIn(rule.generated).has(dropped)) continue;
      if (!action.cascade)
        throw fail(
          'dependent_objects_still_exist',
          `cannot drop column ${dropped} of table ${this.name} because other objects depend on it`,
          {
            span: action.span,
            detail: `column ${rule.name} of table ${this.name} depends on column ${dropped} of table ${this.name}`,
            hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
          },
        );
      this.#dropColumn({ ...action, name: nameOf(rule.name, action.span) });
    }
    const now = this.columns.findIndex((column) => column.name === dropped);
    builder.columns.splice(now, 1);
    builder.rules.splice(now, 1);
    const kept = builder.constraints.filter(({ columns }) => !columns.includes(dropped));
    builder.constraints.splice(0, builder.constraints.length, ...kept);
    this.rewrites = true;
  }

  #renameColumn(from: Name, to: Name): void {
    const builder = this.#builder;
    const { at, column } = this.#column(from, `column "${foldName(from)}" does not exist`);
    const name = foldName(to);
    if (this.columns.some((other) => other.name === name))
      throw fail('duplicate_column', `column "${name}" of relation "${this.name}" already exists`, { span: to.span });
    const renamed = { ...column, name };
    this.#old.set(renamed, this.#old.get(column)!);
    this.#renamed.set(column.name, name);
    builder.columns[at] = renamed;
    builder.rules[at] = { ...builder.rules[at]!, name };
    for (const rule of builder.rules)
      if (rule.generated !== undefined) rule.generated = renamedIn(rule.generated, column.name, name);
    for (const [i, constraint] of builder.constraints.entries()) {
      const columns = constraint.columns.map((each) => (each === column.name ? name : each));
      builder.constraints[i] =
        constraint.kind === 'check'
          ? { ...constraint, columns, condition: renamedIn(constraint.condition, column.name, name) }
          : { ...constraint, columns };
    }
    for (const [i, sequence] of builder.sequences.entries())
      if (sequence.column === column.name) builder.sequences[i] = { ...sequence, column: name };
    this.rewrites = true;
  }

  #at(name: Name): number {
    return this.columns.findIndex((column) => column.name === name.text || column.name === foldName(name));
  }

  #column(name: Name, message = `column "${foldName(name)}" of relation "${this.name}" does not exist`) {
    const at = this.#at(name);
    if (at < 0) throw fail('undefined_column', message, { span: name.span });
    return { at, column: this.columns[at]!, rule: this.#builder.rules[at]! };
  }

  #missing(
    action: { readonly ifExists: boolean; readonly span: Span },
    message: string,
    condition: 'undefined_column' | 'undefined_object' | 'object_not_in_prerequisite_state',
  ): void {
    if (!action.ifExists) throw fail(condition, message, { span: action.span });
    this.#session.notice('successful_completion', `${message}, skipping`);
  }
}

/** All rows, through the rules of the new table. */
async function rewrite(
  session: Session,
  table: TableEntry,
  draft: Draft,
  shape: TableShape,
  options: QueryOptions,
): Promise<void> {
  const span = { start: 0, end: 0 };
  const schema = table.dataset === session.temporary.dataset ? 'pg_temp' : table.dataset;
  const from = { kind: 'table', name: [nameOf(schema, span), nameOf(table.path, span)], only: false, span } as const;
  const query = selectOf([...draft.values(span), always(span)].map(item), [from], undefined, span);
  const { columns } = shape;
  const entry = {
    ...table,
    path: draft.name,
    columns: columns.map((column) => ({ ...column, title: '' })),
    definition: shape.definition,
  };
  const rules = await RowRules.of(session, entry);
  const result = await session.rows(query, options, (environment) =>
    bindUpdate({ query, columns, positions: [] }, environment),
  );
  const own = columns.map((column, id) => ({ ...column, id }) as unknown as Column);
  let count = 0;
  async function* rows(): AsyncGenerator<RecordBatch> {
    for await (const batch of result.batches) {
      const vecs: Vec[] = fromBatch(batch, own);
      for (const [i, { type }] of own.entries())
        if (draft.numbered.has(draft.columns[i]!)) vecs[i] = numbers(type, count, batch.numRows);
      count += batch.numRows;
      yield toBatch(own, rules.checked(vecs, batch.numRows), batch.numRows);
    }
  }
  try {
    await writeRows(
      session,
      table.dataset,
      draft.name,
      { columns, batches: rows() },
      {
        check: (current) => {
          stillAsRead(current, table, true);
          if (draft.name !== table.path && manifestHas(current, draft.name)) throw duplicate(draft.name);
        },
        remove: (current) => filesOf(current, table.path),
        define: (current) => {
          const numbered = new Set([...draft.numbered].map(({ name }) => name));
          const sequences = shape.sequences.map((s) => (numbered.has(s.column) ? { ...s, next: count + 1 } : s));
          return draft.definitions(current, { ...shape, sequences });
        },
      },
    );
  } finally {
    await result.close();
  }
}

function numbers(type: Column['type'], from: number, count: number): Vec {
  const wide = type.kind === types.int8.kind;
  return fromValues(
    type,
    Array.from({ length: count }, (_, i) => (wide ? BigInt(from + i + 1) : from + i + 1)),
  );
}
