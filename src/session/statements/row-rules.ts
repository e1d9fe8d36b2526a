// What rows keep to on their way into a table: sequences, generated columns, NOT NULL, CHECK and keys, batch by batch.
import type { RecordBatch } from 'apache-arrow';
import type { ColumnDefinition, TableEntry } from '../../catalog/index.js';
import {
  DiagnosticError,
  equalityKey,
  fail,
  printTimeType,
  printValue,
  quoteIdent,
  type SqlType,
  types,
  type Value,
} from '../../core/index.js';
import { compileScalars, fromArrow, fromBatch, fromValues, toBatch, type Vec, valueAt } from '../../exec/index.js';
import { type Expr, parseExpression } from '../../parser/index.js';
import type { Column, RowExpressions } from '../../planner/index.js';
import { type ConstraintDefinition, changeDataset } from '../../store/index.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { columnOf, nameOf, selectOf } from './query-of.js';

export type KeyConstraint = Extract<ConstraintDefinition, { readonly kind: 'primary key' | 'unique' | 'index' }>;

export const isKey = (c: ConstraintDefinition): c is KeyConstraint =>
  c.kind === 'primary key' || c.kind === 'unique' || (c.kind === 'index' && c.unique);

type Compiled = ReturnType<typeof compileScalars>;

/** Where a row came from, for the context of an error. */
export type PlaceOf = (row: number, withText: boolean) => string;

/** Keys that are held at most: what one JavaScript Set takes. */
const mostKeys = 1 << 24;

export class RowRules {
  readonly table: TableEntry;
  /** The table's, as the rules' expressions mean them. */
  readonly columns: readonly Column[];
  readonly #session: Session;
  readonly #kept: RowRulesParts['generated'];
  readonly #generated: readonly { readonly position: number; readonly compute: Compiled }[];
  readonly #notNull: readonly number[];
  readonly #checks: readonly { readonly name: string; readonly holds: Compiled }[];
  readonly #keys: UniqueKey[];

  private constructor(session: Session, table: TableEntry, row: RowExpressions, parts: RowRulesParts) {
    this.#session = session;
    this.table = table;
    this.columns = row.columns;
    const { kept, generated, checks } = parts;
    this.#kept = kept;
    this.#generated = generated;
    this.#checks = checks;
    this.#notNull = table.columns.flatMap(({ name }, i) => (ruleOf(table, name)?.notNull ? [i] : []));
    this.#keys = keysOf(table).map((key) => new UniqueKey(table, key));
  }

  static async of(session: Session, table: TableEntry): Promise<RowRules> {
    const row = await session.lookup.rowExpressions([{ name: table.path, columns: table.columns }]);
    const kept = table.columns.flatMap(({ name, type }, position) => {
      const precision = ruleOf(table, name)?.precision;
      if (!precision) return [];
      const cast = parseExpression(`CAST(${quoteIdent(name)} AS ${printTimeType(type.kind, precision)})`);
      return [{ position, compute: compileScalars(row.columns, [row.value(cast, position, 'column', true)]) }];
    });
    const generated = table.columns.flatMap(({ name }, position) => {
      const text = ruleOf(table, name)?.generated;
      if (text === undefined) return [];
      const value = row.value(parseExpression(text), position, 'column generation expression', true);
      return [{ position, compute: compileScalars(row.columns, [value]) }];
    });
    const checks = (table.definition?.constraints ?? []).flatMap((constraint) => {
      if (constraint.kind !== 'check') return [];
      const condition = row.condition(parseExpression(constraint.condition), 'CHECK', 'check constraint');
      return [{ name: constraint.name, holds: compileScalars(row.columns, [condition]) }];
    });
    return new RowRules(session, table, row, { kept, generated, checks });
  }

  /** Rows pass as they are. */
  get #isEmpty(): boolean {
    const rules = [this.#kept, this.#generated, this.#notNull, this.#checks, this.#keys];
    return rules.every(({ length }) => length === 0);
  }

  get hasKeys(): boolean {
    return this.#keys.length > 0;
  }

  /** Rows that stay as they are count for the keys. @param except the constraint that ON CONFLICT looks after */
  async readKeys(options: QueryOptions, except: readonly KeyConstraint[] = []): Promise<void> {
    this.ignoreKeys(except);
    for (const key of this.#keys) await key.read(this.#session, options);
  }

  ignoreKeys(except: readonly KeyConstraint[]): void {
    for (const { constraint } of [...this.#keys])
      if (except.some(({ name }) => name === constraint.name))
        this.#keys.splice(
          this.#keys.findIndex((key) => key.constraint === constraint),
          1,
        );
  }

  /**
   * The rows as they are stored. Behind the table's columns may come one flag for each column that a sequence fills: where it is
   * true, it does.
   * @throws DiagnosticError 23502, 23514, 23505
   */
  async apply(batch: RecordBatch, place?: PlaceOf): Promise<RecordBatch> {
    if (this.#isEmpty && batch.numCols === this.columns.length) return batch;
    const { numRows } = batch;
    const vecs = fromBatch(batch, this.columns);
    const { sequences } = defaultsOf(this.table);
    if (batch.numCols > this.columns.length)
      for (const [i, position] of sequences.entries()) {
        const flags = fromArrow(batch.data.children[this.columns.length + i]!, types.bool);
        vecs[position] = await this.#filled(vecs[position]!, flags, position, numRows);
      }
    return toBatch(this.columns, this.checked(vecs, numRows, place), numRows);
  }

  /** {@link apply} for vectors that no sequence fills. */
  checked(given: readonly Vec[], rows: number, place?: PlaceOf): Vec[] {
    const vecs = [...given];
    for (const { position, compute } of this.#kept) vecs[position] = compute(vecs, rows)[0]!;
    for (const { position, compute } of this.#generated) vecs[position] = compute(vecs, rows)[0]!;
    const fault = this.#firstFault(vecs, rows);
    if (!fault) return vecs;
    const { row, error } = fault;
    if (!place || !(error instanceof DiagnosticError)) throw error;
    const withText = error.diagnostic.condition !== 'unique_violation';
    throw new DiagnosticError({ ...error.diagnostic, context: place(row, withText) });
  }

  /** Row by row, as PostgreSQL goes: the first row with a fault, and of its faults the first. */
  #firstFault(vecs: readonly Vec[], rows: number): { readonly row: number; readonly error: unknown } | undefined {
    let first: { row: number; error: unknown } | undefined;
    const found = (row: number, error: () => unknown) => {
      if (!first || row < first.row) first = { row, error: error() };
    };
    const limit = () => first?.row ?? rows;
    const name = this.table.path;
    const object = { schema: schemaOf(this.#session, this.table), table: name };
    for (const position of this.#notNull) {
      const vec = vecs[position]!;
      if (!vec.valid) continue;
      for (let row = 0; row < limit(); row++)
        if (valueAt(vec, row) === null) {
          found(row, () =>
            fail(
              'not_null_violation',
              `null value in column "${this.columns[position]!.name}" of relation "${name}" violates not-null constraint`,
              { detail: this.#shown(vecs, row), object: { ...object, column: this.columns[position]!.name } },
            ),
          );
          break;
        }
    }
    for (const check of this.#checks) {
      const [holds] = check.holds(vecs, rows);
      for (let row = 0; row < limit(); row++)
        if (valueAt(holds!, row) === false) {
          found(row, () =>
            fail('check_violation', `new row for relation "${name}" violates check constraint "${check.name}"`, {
              detail: this.#shown(vecs, row),
              object: { ...object, constraint: check.name },
            }),
          );
          break;
        }
    }
    for (const key of this.#keys)
      for (let row = 0; row < limit(); row++)
        if (!key.add(vecs, row)) {
          found(row, () =>
            fail('unique_violation', `duplicate key value violates unique constraint "${key.constraint.name}"`, {
              detail: `Key ${key.shown(vecs, row)} already exists.`,
              object: { ...object, constraint: key.constraint.name },
            }),
          );
          break;
        }
    return first;
  }

  #shown(vecs: readonly Vec[], row: number): string {
    const values = vecs.map((vec, i) => shownValue(valueAt(vec, row), this.columns[i]!.type));
    return `Failing row contains (${values.join(', ')}).`;
  }

  async #filled(vec: Vec, flags: Vec, position: number, rows: number): Promise<Vec> {
    const values: Value[] = Array.from({ length: rows }, (_, row) => valueAt(vec, row));
    const wanted = values.flatMap((_, row) => (valueAt(flags, row) === true ? [row] : []));
    if (wanted.length === 0) return vec;
    const { name, type } = this.columns[position]!;
    let next = await takeFromSequence(this.#session, this.table, name, wanted.length);
    for (const row of wanted) values[row] = type.kind === 'int8' ? BigInt(next++) : next++;
    return fromValues(type, values);
  }

  /** As many values of a column's sequence. */
  nextValues(position: number, count: number): Promise<Vec> {
    const { type } = this.columns[position]!;
    const all = fromValues(types.bool, new Array(count).fill(true));
    return this.#filled(fromValues(type, new Array(count).fill(null)), all, position, count);
  }
}

interface RowRulesParts {
  /** What of times columns keep. */
  readonly kept: readonly { readonly position: number; readonly compute: Compiled }[];
  readonly generated: readonly { readonly position: number; readonly compute: Compiled }[];
  readonly checks: readonly { readonly name: string; readonly holds: Compiled }[];
}

const longestShown = 64;

function shownValue(value: Value, type: SqlType): string {
  if (value === null) return 'null';
  const text = printValue(value, type);
  return text.length > longestShown ? `${text.slice(0, longestShown)}...` : text;
}

export const ruleOf = (table: TableEntry, column: string): ColumnDefinition | undefined =>
  table.definition?.columns.find(({ name }) => name === column);

export const keysOf = (table: TableEntry): readonly KeyConstraint[] =>
  (table.definition?.constraints ?? []).filter(isKey);

/** What columns hold that are given nothing: expressions, and those that a sequence fills. */
export function defaultsOf(table: TableEntry): {
  readonly expressions: ReadonlyMap<number, Expr>;
  readonly sequences: readonly number[];
} {
  const expressions = new Map<number, Expr>();
  const sequences: number[] = [];
  for (const [position, { name }] of table.columns.entries()) {
    const rule = ruleOf(table, name);
    if (rule?.sequence !== undefined) sequences.push(position);
    else if (rule?.default !== undefined) expressions.set(position, placeless(parseExpression(rule.default)));
  }
  return { expressions, sequences };
}

/** Its places are not those of the statement at hand. */
function placeless<T>(node: T): T {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map(placeless) as T;
  const entries = Object.entries(node).map(([key, child]) => [
    key,
    key === 'span' || key === 'opSpan' ? undefined : placeless(child),
  ]);
  return Object.fromEntries(entries) as T;
}

/** The first of `count` values in a row. */
async function takeFromSequence(session: Session, table: TableEntry, column: string, count: number): Promise<number> {
  let first = 1;
  await changeDataset(session.database.store, table.dataset, (_, definitions) => {
    const sequences = definitions.sequences ?? [];
    const sequence = sequences.find((s) => s.table === table.path && s.column === column);
    if (!sequence) throw fail('undefined_table', `the sequence of column "${column}" does not exist`);
    first = sequence.next;
    const most = { int2: 2 ** 15, int4: 2 ** 31, int8: 2 ** 53 }[sequence.type];
    if (first + count > most)
      throw fail(
        'sequence_generator_limit_exceeded',
        `nextval: reached maximum value of sequence "${sequence.name}" (${most - 1})`,
      );
    const next = { ...sequence, next: first + count };
    return { definitions: { ...definitions, sequences: sequences.map((s) => (s === sequence ? next : s)) } };
  });
  session.forget(table.dataset);
  return first;
}

/** The values of one key that are there. */
export class UniqueKey {
  readonly constraint: KeyConstraint;
  readonly #table: TableEntry;
  readonly #positions: readonly number[];
  readonly #seen = new Set<string>();

  constructor(table: TableEntry, constraint: KeyConstraint) {
    this.#table = table;
    this.constraint = constraint;
    this.#positions = constraint.columns.map((name) => table.columns.findIndex((column) => column.name === name));
  }

  /** `undefined` where a NULL makes it different from all others. */
  keyOf(vecs: readonly Vec[], row: number): string | undefined {
    const values = this.#positions.map((position) => valueAt(vecs[position]!, row));
    if (!this.constraint.nullsNotDistinct && values.includes(null)) return undefined;
    return values.map((value, i) => equalityKey(value, this.#table.columns[this.#positions[i]!]!.type)).join();
  }

  /** False where it is there already. */
  add(vecs: readonly Vec[], row: number): boolean {
    const key = this.keyOf(vecs, row);
    if (key === undefined) return true;
    if (this.#seen.has(key)) return false;
    if (this.#seen.size === mostKeys)
      throw fail('program_limit_exceeded', `a table with a key has at most ${mostKeys} rows`);
    this.#seen.add(key);
    return true;
  }

  has(vecs: readonly Vec[], row: number): boolean {
    const key = this.keyOf(vecs, row);
    return key !== undefined && this.#seen.has(key);
  }

  shown(vecs: readonly Vec[], row: number): string {
    const { columns } = this.constraint;
    const values = this.#positions.map((p) => shownValue(valueAt(vecs[p]!, row), this.#table.columns[p]!.type));
    return `(${columns.join(', ')})=(${values.join(', ')})`;
  }

  async read(session: Session, options: QueryOptions): Promise<void> {
    const span = { start: 0, end: 0 };
    const items = this.constraint.columns.map(
      (name) => ({ kind: 'expr', expr: columnOf([nameOf(name, span)], span), span }) as const,
    );
    const name = [nameOf(schemaOf(session, this.#table), span), nameOf(this.#table.path, span)];
    const from = { kind: 'table', name, only: false, span } as const;
    const result = await session.rows(selectOf(items, [from], undefined, span), options);
    try {
      for await (const batch of result.batches) {
        const vecs: Vec[] = [];
        const columns = this.#positions.map((p) => ({ ...this.#table.columns[p]!, id: p })) as unknown as Column[];
        for (const [i, vec] of fromBatch(batch, columns).entries()) vecs[this.#positions[i]!] = vec;
        for (let row = 0; row < batch.numRows; row++) this.add(vecs, row);
      }
    } finally {
      await result.close();
    }
  }
}

/** As a query names it: the session's own by its alias. */
export const schemaOf = (session: Session, { dataset }: TableEntry): string =>
  dataset === session.temporary.dataset ? 'pg_temp' : dataset;
