// COPY … TO: the query behind it.
import { fail } from '../../core/index.js';
import { type CopyStatement, type Name, parseSql, type QueryStatement } from '../../parser/index.js';

const quoted = (name: Name) => `"${name.text.replaceAll('"', '""')}"`;

/** @throws DiagnosticError 42501 for files and programs, 0A000 for changing statements */
export function copyQuery(statement: CopyStatement): QueryStatement {
  const { source, span } = statement;
  refuseFiles(statement);
  if ('change' in source)
    throw fail('feature_not_supported', 'COPY of a changing statement is not supported', { span });
  if ('query' in source) return { kind: 'query_statement', language: 'sql', query: source.query, span };
  const columns = source.columns.length > 0 ? source.columns.map(quoted).join(', ') : '*';
  // As written: names are matched exactly first, then by case.
  return parseSql(`SELECT ${columns} FROM ${source.table.map(quoted).join('.')}`)[0] as QueryStatement;
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
