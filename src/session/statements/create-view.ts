// CREATE VIEW: a query under a name, kept with the dataset.
import { fail } from '../../core/index.js';
import { type CreateView, printQuery, type Query } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import { changeDataset } from '../../store/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { checkColumns } from './create-table-as.js';
import { columnOf, selectOf } from './query-of.js';
import { creationTarget, duplicate } from './target.js';

export async function createView(session: Session, statement: CreateView, _: QueryOptions): Promise<StatementResult> {
  // WITH CHECK OPTION says what a view's changes must keep to: there are none.
  const query = statement.recursive ? recursiveQuery(statement) : statement.query;
  // What reads temporary tables is temporary itself.
  const temporary = statement.persistence === 'temporary' || (await session.lookup.readsTemporary(query));
  const { dataset, name } = await creationTarget(session, statement.name, temporary);
  await session.mayChange(dataset, 'CREATE VIEW');
  if (temporary && statement.persistence !== 'temporary')
    session.notice('successful_completion', `view "${name}" will be a temporary view`);
  const bound = await session.lookup.describe(query);
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
    const view = { name, query: printQuery(query), columns, searchPath };
    return { definitions: { ...definitions, views: [...definitions.views.filter((v) => v !== old), view] } };
  });
  await session.changed(dataset);
  return { tag: 'CREATE VIEW' };
}

/** `CREATE RECURSIVE VIEW v (a) AS …` is a query of `WITH RECURSIVE v (a) AS (…)`. */
function recursiveQuery({ name: written, columns, query, span }: CreateView): Query {
  const name = written.at(-1)!;
  const ctes = [{ name, columns, query, span }];
  return {
    ...selectOf(
      columns.map((column) => ({ kind: 'expr', expr: columnOf([column], span), span })),
      [{ kind: 'table', name: [name], only: false, span }],
      undefined,
      span,
    ),
    with: { recursive: true, ctes, span },
  };
}
