// Rows of a query into a file of a dataset: streamed, with a few partitions' worth in memory.
import { randomUUID } from 'node:crypto';
import type { RecordBatch } from 'apache-arrow';
import * as arrow from 'apache-arrow';
import { type SqlType, toArrowType, types } from '../../core/index.js';
import { coalesce } from '../../exec/index.js';
import type { WriteTableOptions } from '../../ingest/index.js';
import type { Column } from '../../planner/index.js';
import { isTemporaryDataset } from '../../store/index.js';
import type { Session } from '../session.js';

export interface NewRows {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly batches: AsyncIterable<RecordBatch>;
}

/** Bytes of rows put together for one partition. */
const partitionBytes = 32 << 20;

export const noRows: AsyncIterable<RecordBatch> = {
  async *[Symbol.asyncIterator]() {
    // None.
  },
};

/** Adds the rows as a file of their own with the one tree `table`; `_file` shows its name. */
export async function writeRows(
  session: Session,
  dataset: string,
  table: string,
  { columns, batches }: NewRows,
  options: Pick<WriteTableOptions, 'check' | 'remove' | 'define'>,
): Promise<{ readonly rows: number; readonly source: string }> {
  const stored = columns.map(({ name, type }) => ({ name, type: type.kind === 'unknown' ? types.text : type }));
  const schema = new arrow.Schema(stored.map(({ name, type }) => new arrow.Field(name, toArrowType(type), true)));
  const source = `sql:${table}/${randomUUID()}`;
  const numbered = stored.map((column, id) => ({ ...column, id }) as unknown as Column);
  let removed: readonly { readonly source: string }[] = [];
  const { remove } = options;
  const { rows } = await session.database.writeRows(
    dataset,
    table,
    { schema, batches: coalesce(batches, numbered, partitionBytes) },
    {
      mode: 'append',
      source,
      types: stored.map(({ type }) => type),
      temporary: isTemporaryDataset(dataset),
      ...options,
      ...(remove && {
        remove: (current) => {
          const files = remove(current);
          removed = files;
          return files;
        },
      }),
    },
  );
  if (session.isInParts) for (const file of [{ source }, ...removed]) session.ownFiles.add(file.source);
  await session.changed(dataset);
  return { rows, source };
}
