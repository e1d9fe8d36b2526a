// CREATE SCHEMA: a dataset without files.
import { DiagnosticError, fail } from '../../core/index.js';
import type { CreateSchema } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';

export async function createSchema(
  session: Session,
  statement: CreateSchema,
  _: QueryOptions,
): Promise<StatementResult> {
  const written = statement.name ?? statement.role!;
  const name = foldName(written);
  await session.mayChange(name, 'CREATE SCHEMA');
  try {
    await session.database.createDataset(name);
  } catch (error) {
    if (!(error instanceof DiagnosticError) || error.diagnostic.condition !== 'duplicate_table') throw error;
    if (!statement.ifNotExists)
      throw fail('duplicate_schema', `schema "${name}" already exists`, { span: written.span });
    session.notice('duplicate_schema', `schema "${name}" already exists, skipping`);
  }
  await session.changed(name);
  return { tag: 'CREATE SCHEMA' };
}
