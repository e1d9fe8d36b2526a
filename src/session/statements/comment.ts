// COMMENT ON: kept with the dataset.
import { fail } from '../../core/index.js';
import type { CommentStatement } from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import { type Comment, changeDataset } from '../../store/index.js';
import type { StatementResult } from '../prepared-statement.js';
import type { Session } from '../session.js';
import type { QueryOptions } from '../session-options.js';
import { schemaNamed } from './target.js';

export async function comment(
  session: Session,
  statement: CommentStatement,
  _: QueryOptions,
): Promise<StatementResult> {
  const { dataset, about } = await subject(session, statement);
  await session.mayChange(dataset, 'COMMENT');
  const { text } = statement;
  await changeDataset(session.database.store, dataset, (_manifest, definitions) => {
    const others = definitions.comments.filter(({ name, column }) => name !== about.name || column !== about.column);
    return { definitions: { ...definitions, comments: text === undefined ? others : [...others, { ...about, text }] } };
  });
  await session.changed(dataset);
  return { tag: 'COMMENT' };
}

async function subject(
  session: Session,
  { object, name, span }: CommentStatement,
): Promise<{ readonly dataset: string; readonly about: Omit<Comment, 'text'> }> {
  if (object === 'database') throw fail('feature_not_supported', 'comments on a database are not supported', { span });
  if (object === 'schema') return { dataset: (await schemaNamed(session, name[0]!)).name, about: { object, name: '' } };
  const table = await session.lookup.relation(object === 'column' ? name.slice(0, -1) : name);
  if (object !== 'column') {
    if ((table.view !== undefined) !== (object === 'view'))
      throw fail('wrong_object_type', `"${table.path}" is not a ${object}`, { span: name.at(-1)!.span });
    return { dataset: table.dataset, about: { object, name: table.path } };
  }
  const written = name.at(-1)!;
  const column = table.columns.find((c) => c.name === written.text || c.name === foldName(written));
  if (!column)
    throw fail('undefined_column', `column "${written.text}" of relation "${table.path}" does not exist`, {
      span: written.span,
    });
  return { dataset: table.dataset, about: { object, name: table.path, column: column.name } };
}
