// COPY … TO STDOUT: the query behind it, and how its rows are to be written.
import { fail } from '../../core/index.js';
import { type CopyStatement, type Name, parseSql, type QueryStatement } from '../../parser/index.js';

export interface CopyFormat {
  readonly format: 'text' | 'csv' | 'binary';
  readonly delimiter: string;
  readonly nullText: string;
  readonly header: boolean;
  readonly quote: string;
  readonly escape: string;
  /** Columns that are quoted whatever they hold. */
  readonly forceQuote: '*' | readonly string[];
}

const known = new Set([
  'format',
  'delimiter',
  'null',
  'header',
  'quote',
  'escape',
  'force_quote',
  'encoding',
  'freeze',
]);
const quoted = (name: Name) => `"${name.text.replaceAll('"', '""')}"`;
const folded = (name: Name) => (name.quoted ? name.text : name.text.toLowerCase());

/** @throws DiagnosticError 0A000 for files, programs and COPY FROM; 22023, 42601 for options */
export function copyQuery(statement: CopyStatement): QueryStatement {
  const { source, span } = statement;
  if (statement.direction === 'from') throw fail('feature_not_supported', 'COPY FROM is not supported', { span });
  if (statement.isProgram || statement.path !== undefined)
    throw fail('insufficient_privilege', 'the server neither writes files nor runs programs', {
      span,
      hint: "COPY … TO STDOUT, or psql's \\copy, writes where the client is.",
    });
  if ('change' in source)
    throw fail('feature_not_supported', 'COPY of a changing statement is not supported', { span });
  if ('query' in source) return { kind: 'query_statement', language: 'sql', query: source.query, span };
  const columns = source.columns.length > 0 ? source.columns.map(quoted).join(', ') : '*';
  // As written: names are matched exactly first, then by case.
  return parseSql(`SELECT ${columns} FROM ${source.table.map(quoted).join('.')}`)[0] as QueryStatement;
}

export function copyFormat({ options, span }: CopyStatement): CopyFormat {
  for (const name of options.keys())
    if (!known.has(name)) throw fail('syntax_error', `option "${name}" not recognized`, { span });
  const text = (name: string): string | undefined => {
    const value = options.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const format = text('format') ?? 'text';
  if (format !== 'text' && format !== 'csv' && format !== 'binary')
    throw fail('invalid_parameter_value', `COPY format "${format}" not recognized`, { span });
  const encoding = text('encoding');
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
    throw fail('feature_not_supported', `encoding "${encoding}" is not supported`, { span });
  const csv = format === 'csv';
  for (const name of ['delimiter', 'null', 'header'])
    if (format === 'binary' && options.has(name))
      throw fail('syntax_error', `cannot specify ${name.toUpperCase()} in BINARY mode`, { span });
  for (const name of ['quote', 'escape', 'force_quote'])
    if (!csv && options.has(name))
      throw fail('feature_not_supported', `COPY ${name.replace('_', ' ')} available only in CSV mode`, { span });
  const single = (name: string, value: string): string => {
    if (value.length !== 1 || value.charCodeAt(0) > 127 || value === '\n' || value === '\r')
      throw fail('feature_not_supported', `COPY ${name} must be a single one-byte character`, { span });
    return value;
  };
  const delimiter = single('delimiter', text('delimiter') ?? (csv ? ',' : '\t'));
  if (!csv && /[\\a-z0-9.]/.test(delimiter))
    throw fail('invalid_parameter_value', `COPY delimiter cannot be "${delimiter}"`, { span });
  const quote = single('quote', text('quote') ?? '"');
  if (csv && quote === delimiter) throw fail('invalid_parameter_value', 'COPY delimiter and quote must be different');
  const header = options.get('header');
  const force = options.get('force_quote');
  return {
    format,
    delimiter,
    nullText: text('null') ?? (csv ? '' : '\\N'),
    header: header === true || (typeof header === 'string' && /^(?:true|on|1)$/i.test(header)),
    quote,
    escape: single('escape', text('escape') ?? quote),
    forceQuote: force === '*' ? '*' : Array.isArray(force) ? (force as readonly Name[]).map(folded) : [],
  };
}
