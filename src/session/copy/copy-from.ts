// COPY … FROM STDIN: what the client sends becomes rows of a table, all of them at once, or none.
import type { RecordBatch } from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import { fail } from '../../core/index.js';
import { compileScalars, fromValues, gather, toBatch, type Vec, valueAt } from '../../exec/index.js';
import type { CopyStatement, Name } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import type { Session } from '../session.js';
import { defaultsOf, RowRules, ruleOf } from '../statements/row-rules.js';
import { stillAsRead } from '../statements/target.js';
import { writeRows } from '../statements/write-rows.js';
import { type CopyFormat, checkForced, copyFormat } from './copy-options.js';
import { refuseFiles } from './copy-to.js';
import { copiedRows } from './row-parser.js';

/** A COPY that waits for its data. */
export interface CopyIn {
  readonly format: CopyFormat['format'];
  /** How many columns come in. */
  readonly columns: number;
  /**
   * Takes the bytes to their end. An error of theirs, as a client's CopyFail, ends it, and nothing is there.
   * @throws DiagnosticError 22P04, 22P02, 23502, …, with the line as its context
   */
  run(bytes: AsyncIterable<Uint8Array>): Promise<{ readonly tag: string }>;
}

export async function copyFrom(session: Session, statement: CopyStatement): Promise<CopyIn> {
  const { source, where } = statement;
  refuseFiles(statement);
  if (!('table' in source)) throw new Error('COPY FROM is into a table');
  const format = copyFormat(statement, session.encoding);
  const table = await session.lookup.relation(source.table);
  if (table.view) throw fail('wrong_object_type', `cannot copy to view "${table.path}"`, { span: statement.span });
  const positions = copiedColumns(table, source.columns);
  const columns = positions.map((at) => table.columns[at]!);
  checkForced(
    format,
    columns.map(({ name }) => name),
    table.columns.map(({ name }) => name),
    table.path,
  );
  await session.mayChange(table.dataset, 'COPY FROM');
  const row = await session.lookup.rowExpressions([{ name: table.path, columns: table.columns }]);
  const rules = await RowRules.of(session, table);
  const condition = where && row.condition(where, 'WHERE', 'COPY FROM WHERE condition');
  const select = condition && compileScalars(row.columns, [condition]);
  const defaults = [...defaultsOf(table).expressions].filter(([position]) => !positions.includes(position));
  const defaultValues = compileScalars(
    [],
    defaults.map(([position, expr]) => row.value(expr, position, 'DEFAULT expression', false)),
  );
  const sequences = defaultsOf(table).sequences.filter((position) => !positions.includes(position));

  async function* batches(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RecordBatch> {
    for await (const copied of copiedRows(bytes, table.path, columns, format, session.style)) {
      const { count } = copied;
      const given = defaultValues([], count);
      let whole = row.columns.map(({ type }, c): Vec => {
        const at = positions.indexOf(c);
        if (at >= 0) return fromValues(type, copied.values[at]!);
        const byDefault = defaults.findIndex(([position]) => position === c);
        return byDefault < 0 ? fromValues(type, new Array(count).fill(null)) : given[byDefault]!;
      });
      for (const position of sequences) whole[position] = await rules.nextValues(position, count);
      let place = copied.place;
      let left = count;
      if (select) {
        const [chosen] = select(whole, count);
        const kept = Int32Array.from({ length: count }, (_, i) => i).filter((i) => valueAt(chosen!, i) === true);
        whole = whole.map((vec) => gather(vec, kept));
        left = kept.length;
        place = (i, withText) => copied.place(kept[i]!, withText);
      }
      if (left > 0) yield toBatch(row.columns, rules.checked(whole, left, place), left);
    }
  }
  return {
    format: format.format,
    columns: columns.length,
    run: async (bytes) => {
      await rules.readKeys({});
      const written = await writeRows(
        session,
        table.dataset,
        table.path,
        { columns: table.columns, batches: batches(bytes) },
        { check: (current) => stillAsRead(current, table, rules.hasKeys) },
      );
      return { tag: `COPY ${written.rows}` };
    },
  };
}

/** Positions of the columns that come in. @throws DiagnosticError 42703, 42701 */
function copiedColumns(table: TableEntry, named: readonly Name[]): number[] {
  const isGenerated = (at: number) => ruleOf(table, table.columns[at]!.name)?.generated !== undefined;
  if (named.length === 0) return table.columns.map((_, i) => i).filter((at) => !isGenerated(at));
  const positions: number[] = [];
  for (const name of named) {
    const at = table.columns.findIndex((column) => column.name === name.text || column.name === foldName(name));
    if (at < 0)
      throw fail('undefined_column', `column "${foldName(name)}" of relation "${table.path}" does not exist`, {
        span: name.span,
      });
    if (positions.includes(at))
      throw fail('duplicate_column', `column "${foldName(name)}" specified more than once`, { span: name.span });
    if (isGenerated(at))
      throw fail('invalid_column_reference', `column "${foldName(name)}" is a generated column`, {
        span: name.span,
        detail: 'Generated columns cannot be used in COPY.',
      });
    positions.push(at);
  }
  return positions;
}
