// One file in the place of all of a table.
import type { RecordBatch } from 'apache-arrow';
import type { TableEntry } from '../../catalog/index.js';
import type { DatasetDefinitions } from '../../store/index.js';
import type { Session } from '../session.js';
import { filesOf, stillAsRead } from './target.js';
import { type NewRows, writeRows } from './write-rows.js';

/**
 * @param asRead whether the rows come from the table, which then must not have changed meanwhile
 * @param last what must succeed before the commit, when all rows are there
 */
export async function replaceRows(
  session: Session,
  table: TableEntry,
  { columns, batches }: NewRows,
  asRead: boolean,
  last?: () => Promise<void> | undefined,
  define?: (current: DatasetDefinitions) => DatasetDefinitions,
): Promise<number> {
  async function* whole(): AsyncGenerator<RecordBatch> {
    yield* batches;
    await last?.();
  }
  const { rows } = await writeRows(
    session,
    table.dataset,
    table.path,
    { columns, batches: whole() },
    {
      check: (current) => stillAsRead(current, table, asRead, session.ownFiles),
      remove: (current) => filesOf(current, table.path).filter(({ source }) => !session.ownFiles.has(source)),
      ...(define && { define }),
    },
  );
  return rows;
}
