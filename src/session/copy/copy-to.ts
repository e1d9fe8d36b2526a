// COPY … TO: the query behind it.
import { systemSchemaOf } from '../../catalog/index.js';
import { fail, quoteIdent } from '../../core/index.js';
import {
  type CopyStatement,
  type Name,
  parseSql,
  type QualifiedName,
  type QueryStatement,
} from '../../parser/index.js';
import { foldName } from '../../planner/index.js';
import type { Session } from '../session.js';
import { ruleOf } from '../statements/row-rules.js';

/** @throws DiagnosticError 42501 for files and programs, 0A000 for changing statements */
export async function copyQuery(session: Session, statement: CopyStatement): Promise<QueryStatement> {
  const { source, span } = statement;
  refuseFiles(statement);
  if ('change' in source) throw new Error('a change is run, not asked');
  if ('query' in source) return { kind: 'query_statement', language: 'sql', query: source.query, span };
  if (systemSchemaOf(source.table.at(-2)?.text, source.table.at(-1)!.text)) return selection(source, '*');
  const table = await session.lookup.relation(source.table);
  if (table.view)
    throw fail('wrong_object_type', `cannot copy from view "${table.path}"`, {
      span,
      hint: 'Try the COPY (SELECT ...) TO variant.',
    });
  const isGenerated = (name: string) => ruleOf(table, name)?.generated !== undefined;
  const generated = source.columns.find((name) => isGenerated(name.text) || isGenerated(foldName(name)));
  if (generated)
    throw fail('invalid_column_reference', `column "${generated.text}" is a generated column`, {
      span: generated.span,
      detail: 'Generated columns cannot be used in COPY.',
    });
  const kept = table.columns.filter(({ name }) => !isGenerated(name));
  const all = kept.length === table.columns.length ? '*' : kept.map(({ name }) => quoteIdent(name)).join(', ');
  return selection(source, all);
}

/** As written: names are matched exactly first, then by case. */
function selection(
  { table, columns }: { readonly table: QualifiedName; readonly columns: readonly Name[] },
  all: string,
): QueryStatement {
  const names = (list: readonly Name[]) => list.map(({ text }) => quoteIdent(text));
  const wanted = columns.length > 0 ? names(columns).join(', ') : all;
  return parseSql(`SELECT ${wanted} FROM ${names(table).join('.')}`)[0] as QueryStatement;
}

/** @throws DiagnosticError 42501: rows come from the client and go there */
export function refuseFiles({ isProgram, path, direction, span }: CopyStatement): void {
  if (!isProgram && path === undefined) return;
  const from = direction === 'from';
  throw fail('insufficient_privilege', `the server neither ${from ? 'reads' : 'writes'} files nor runs programs`, {
    span,
    hint: `COPY … ${from ? 'FROM STDIN' : 'TO STDOUT'}, or psql's \\copy, ${from ? 'reads' : 'writes'} where the client is.`,
  });
}
