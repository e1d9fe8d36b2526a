// CREATE VIEW: a query under a name, kept with the dataset.
import { fail } from '../../core/index.js';
import { type CreateView, printQuery } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import { changeDataset } from '../../store/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { QueryOptions, Session } from '../session.js';
import { checkColumns } from './create-table-as.js';
import { creationTarget, duplicate } from './target.js';

export async function createView(session: Session, statement: CreateView, _: QueryOptions): Promise<StatementResult> {
  if (statement.persistence === 'temporary' || statement.recursive)
    throw fail('feature_not_supported', `${statement.recursive ? 'recursive' : 'temporary'} views are not supported`, {
      span: statement.span,
      ...(statement.recursive && { hint: 'WITH RECURSIVE inside the query does the same.' }),
    });
  const { dataset, name } = await creationTarget(session, statement.name, false);
  await session.mayChange(dataset, 'CREATE VIEW');
  const bound = await session.describe(statement.query, { lasting: true });
  if (statement.columns.length > bound.length)
    throw fail('syntax_error', 'CREATE VIEW specifies more column names than columns', {
      span: statement.columns[bound.length]!.span,
    });
  const columns = bound.map(({ label, type }, i) => ({
    name: statement.columns[i] ? foldName(statement.columns[i]) : label,
    type,
  }));
  checkColumns(columns);
  const { searchPath } = session.settings;
  await changeDataset(session.database.store, dataset, ({ tables }, definitions) => {
    const old = definitions.views.find((view) => view.name === name);
    if (tables.some(({ path }) => path === name))
      throw statement.replace ? fail('wrong_object_type', `"${name}" is not a view`) : duplicate(name);
    if (old && !statement.replace) throw duplicate(name);
    if (old && old.columns.length > columns.length)
      throw fail('invalid_table_definition', 'cannot drop columns from view');
    const renamed = old?.columns.find((column, i) => column.name !== columns[i]!.name);
    if (renamed) {
      const now = columns[old!.columns.indexOf(renamed)]!.name;
      throw fail('invalid_table_definition', `cannot change name of view column "${renamed.name}" to "${now}"`, {
        hint: 'Use DROP VIEW and CREATE VIEW.',
      });
    }
    const view = { name, query: printQuery(statement.query), columns, searchPath };
    return { definitions: { ...definitions, views: [...definitions.views.filter((v) => v !== old), view] } };
  });
  await session.changed(dataset);
  return { tag: 'CREATE VIEW' };
}
