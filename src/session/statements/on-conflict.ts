// INSERT … ON CONFLICT: rows whose key is there already are left out, or change the row that has it.
import type { RecordBatch } from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import { fail } from '../../core/index.js';
import { compileScalars, fromBatch, fromValues, gather, toBatch, type Vec, valueAt } from '../../exec/index.js';
import type { InsertStatement, OnConflict } from '../../parser/index.js';
import { type BindEnvironment, type Column, foldName } from '../../planner/index.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { assignments } from './assignments.js';
import { allOf, columnOf, nameOf } from './query-of.js';
import { replaceRows } from './replace-rows.js';
import { beforeCommit, type Returning } from './returning.js';
import { defaultsOf, type KeyConstraint, keysOf, RowRules, schemaOf, UniqueKey } from './row-rules.js';

/** The keys whose conflicts the clause looks after. @throws DiagnosticError 42P10, 42704, 42601 */
export function arbitersOf(table: TableEntry, { target, update, span }: OnConflict): readonly KeyConstraint[] {
  const keys = keysOf(table);
  if (!target) {
    if (update)
      throw fail('syntax_error', 'ON CONFLICT DO UPDATE requires inference specification or constraint name', {
        span,
        hint: 'For example, ON CONFLICT (column_name).',
      });
    return keys;
  }
  if ('constraint' in target) {
    const name = foldName(target.constraint);
    const found = keys.find((key) => key.name === name);
    if (!found)
      throw fail('undefined_object', `constraint "${name}" for table "${table.path}" does not exist`, {
        span: target.constraint.span,
      });
    return [found];
  }
  const names = target.columns.map(({ expr }) => {
    if (expr.kind !== 'column') return undefined;
    const written = expr.parts.at(-1)!;
    const column = table.columns.find(({ name }) => name === written.text || name === foldName(written));
    if (!column) throw fail('undefined_column', `column "${foldName(written)}" does not exist`, { span: written.span });
    return column.name;
  });
  const wanted = new Set(names);
  const found = keys.filter(
    ({ columns }) => columns.length === wanted.size && columns.every((name) => wanted.has(name)),
  );
  if (found.length === 0)
    throw fail(
      'invalid_column_reference',
      'there is no unique or exclusion constraint matching the ON CONFLICT specification',
      { span },
    );
  return found;
}

/** DO NOTHING: rows without those that are there, in the table or before them. */
export async function* withoutConflicts(
  session: Session,
  table: TableEntry,
  rows: AsyncIterable<RecordBatch>,
  arbiters: readonly KeyConstraint[],
  options: QueryOptions,
): AsyncGenerator<RecordBatch> {
  const keys = arbiters.map((constraint) => new UniqueKey(table, constraint));
  for (const key of keys) await key.read(session, options);
  const columns = asColumns(table);
  for await (const batch of rows) {
    const vecs = fromBatch(batch, columns);
    const kept: number[] = [];
    for (let row = 0; row < batch.numRows; row++) {
      if (keys.some((key) => key.has(vecs, row))) continue;
      for (const key of keys) key.add(vecs, row);
      kept.push(row);
    }
    const index = Int32Array.from(kept);
    if (kept.length > 0)
      yield toBatch(
        columns,
        vecs.map((vec) => gather(vec, index)),
        kept.length,
      );
  }
}

interface Upsert {
  readonly table: TableEntry;
  readonly statement: InsertStatement;
  readonly rows: AsyncIterable<RecordBatch>;
  readonly arbiter: KeyConstraint;
  readonly returning: Returning | undefined;
}

/** DO UPDATE: the table is written anew, with the rows that came in beside those they conflict with. */
export async function insertOrUpdate(
  session: Session,
  { table, statement, rows, arbiter, returning }: Upsert,
  options: QueryOptions,
): Promise<number> {
  const { span, alias } = statement;
  const columns = asColumns(table);
  const key = new UniqueKey(table, arbiter);
  const arrived: { readonly vecs: readonly Vec[]; readonly used: Uint8Array; readonly rows: number }[] = [];
  const places = new Map<string, readonly [batch: number, row: number]>();
  for await (const batch of rows) {
    const vecs = fromBatch(batch, columns);
    for (let row = 0; row < batch.numRows; row++) {
      const value = key.keyOf(vecs, row);
      if (value === undefined) continue;
      if (places.has(value))
        throw fail('cardinality_violation', 'ON CONFLICT DO UPDATE command cannot affect row a second time', {
          hint: 'Ensure that no rows proposed for insertion within the same command have duplicate constrained values.',
        });
      places.set(value, [arrived.length, row]);
    }
    arrived.push({ vecs, used: new Uint8Array(batch.numRows), rows: batch.numRows });
  }
  const update = await updating(session, table, statement, options);
  // Of the table as it will be: its keys are those of all rows.
  const rules = await RowRules.of(session, table);
  let changed = 0;
  const name = alias ?? nameOf(table.path, span);
  const read = [nameOf(schemaOf(session, table), span), nameOf(table.path, span)];
  const old = await session.rows(
    allOf(
      table.columns.map((column) => columnOf([name, nameOf(column.name, span)], span)),
      { kind: 'table', name: read, alias: { name, columns: [], span }, only: false, span },
    ),
    options,
  );

  const ruled = (vecs: readonly Vec[], count: number) => toBatch(columns, rules.checked(vecs, count), count);
  async function* whole(): AsyncGenerator<RecordBatch> {
    for await (const batch of old.batches) {
      const vecs = fromBatch(batch, columns);
      const hits: number[] = [];
      const partners: (readonly [number, number])[] = [];
      for (let row = 0; row < batch.numRows; row++) {
        const value = key.keyOf(vecs, row);
        const partner = value === undefined ? undefined : places.get(value);
        if (!partner) continue;
        arrived[partner[0]]!.used[partner[1]] = 1;
        hits.push(row);
        partners.push(partner);
      }
      if (hits.length === 0) {
        yield await rules.apply(batch);
        continue;
      }
      const before = vecs.map((vec) => gather(vec, Int32Array.from(hits)));
      const excluded = columns.map(({ type }, c) => pick(type, c, arrived, partners));
      const { kept, fresh } = update(before, excluded, hits.length);
      // Those that the condition leaves alone stay as they are.
      const isChanged = new Set(kept.map((i) => hits[i]!));
      const others = Int32Array.from({ length: batch.numRows }, (_, row) => row).filter((row) => !isChanged.has(row));
      if (others.length > 0)
        yield ruled(
          vecs.map((vec) => gather(vec, others)),
          others.length,
        );
      if (kept.length === 0) continue;
      changed += kept.length;
      const made = ruled(fresh, kept.length);
      returning?.add(made);
      yield made;
    }
    for (const { vecs, used, rows: count } of arrived) {
      const index = Int32Array.from({ length: count }, (_, row) => row).filter((row) => used[row] === 0);
      if (index.length === 0) continue;
      changed += index.length;
      const made = ruled(
        vecs.map((vec) => gather(vec, index)),
        index.length,
      );
      returning?.add(made);
      yield made;
    }
  }
  try {
    await replaceRows(session, table, { columns: table.columns, batches: whole() }, true, () =>
      beforeCommit(returning, options),
    );
  } finally {
    await old.close();
  }
  return changed;
}

/** SET and WHERE over the row that is there and the one that came in. */
/** What SET and WHERE are, over the row that is there and the one that came in. */
export async function conflictExpressions(
  session: Session,
  table: TableEntry,
  { alias, onConflict, table: written }: InsertStatement,
  given: Pick<BindEnvironment, 'parameters' | 'parameterTypes'>,
) {
  const { update, span } = onConflict!;
  const name = foldName(alias ?? written.at(-1)!);
  const tables = [
    { name, columns: table.columns },
    { name: 'excluded', columns: table.columns },
  ];
  const both = await session.lookup.rowExpressions(tables, given);
  const set = assignments(table, { set: update!.set, span }, defaultsOf(table).expressions);
  const values = set.map(({ position, value }) => both.value(value, position, 'ON CONFLICT DO UPDATE', true));
  const where = update!.where && both.condition(update!.where, 'WHERE', 'ON CONFLICT DO UPDATE');
  return { both, set, values, where };
}

async function updating(session: Session, table: TableEntry, statement: InsertStatement, { parameters }: QueryOptions) {
  const { both, set, values, where } = await conflictExpressions(session, table, statement, {
    ...(parameters && { parameters }),
  });
  const chosen = where && compileScalars(both.columns, [where]);
  const computed = compileScalars(both.columns, values);
  return (before: readonly Vec[], excluded: readonly Vec[], rows: number) => {
    let row = [...before, ...excluded];
    let kept = Array.from({ length: rows }, (_, i) => i);
    if (chosen) {
      const [holds] = chosen(row, rows);
      kept = kept.filter((i) => valueAt(holds!, i) === true);
      const index = Int32Array.from(kept);
      row = row.map((vec) => gather(vec, index));
    }
    const fresh = row.slice(0, before.length);
    if (kept.length > 0) for (const [i, vec] of computed(row, kept.length).entries()) fresh[set[i]!.position] = vec;
    return { kept, fresh };
  };
}

function pick(
  type: Column['type'],
  column: number,
  arrived: readonly { readonly vecs: readonly Vec[] }[],
  partners: readonly (readonly [number, number])[],
): Vec {
  return fromValues(
    type,
    partners.map(([batch, row]) => valueAt(arrived[batch]!.vecs[column]!, row)),
  );
}

const asColumns = (table: TableEntry): readonly Column[] =>
  table.columns.map((column, id) => ({ ...column, id }) as unknown as Column);
