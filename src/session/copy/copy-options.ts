// The options of COPY, as PostgreSQL checks them.
import { type ClientEncoding, clientEncoding, encodingName, fail } from '../../core/index.js';
import type { CopyStatement, Name } from '../../parser/index.js';

export interface CopyFormat {
  readonly format: 'text' | 'csv' | 'binary';
  /** Of the texts; `undefined` for UTF-8. */
  readonly encoding: ClientEncoding | undefined;
  readonly delimiter: string;
  readonly nullText: string;
  /** `match`: what comes in has a header, which must name the columns. */
  readonly header: boolean | 'match';
  readonly quote: string;
  readonly escape: string;
  /** Columns that are quoted whatever they hold. */
  readonly forceQuote: '*' | readonly string[];
  /** Columns that come in and have no NULL: what reads as NULL is that text. */
  readonly forceNotNull: readonly string[];
  /** Columns that come in in which the NULL text is NULL even in quotes. */
  readonly forceNull: readonly string[];
}

const known = new Set([
  'format',
  'freeze',
  'delimiter',
  'null',
  'header',
  'quote',
  'escape',
  'force_quote',
  'force_not_null',
  'force_null',
  'encoding',
]);
const folded = (name: Name) => (name.quoted ? name.text : name.text.toLowerCase());

/**
 * @param usual the encoding where the statement names none
 * @throws DiagnosticError 42601, 22023, 0A000
 */
export function copyFormat({ options, direction, span }: CopyStatement, usual: ClientEncoding | undefined): CopyFormat {
  const isFrom = direction === 'from';
  const wrong = (message: string) => fail('invalid_parameter_value', message, { span });
  const unsupported = (message: string) => fail('feature_not_supported', message, { span });
  const text = (name: string): string | undefined => {
    const value = options.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw fail('syntax_error', `${name} requires a parameter`, { span });
  };
  const columns = (name: string): readonly string[] => {
    const value = options.get(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw wrong(`argument to option "${name}" must be a list of column names`);
    return (value as readonly Name[]).map(folded);
  };
  const format = text('format') ?? 'text';
  if (format !== 'text' && format !== 'csv' && format !== 'binary')
    throw wrong(`COPY format "${format}" not recognized`);
  for (const name of options.keys())
    if (!known.has(name)) throw fail('syntax_error', `option "${name}" not recognized`, { span });
  const header = headerOf(options.get('header'), isFrom, span);
  const forceQuote = options.get('force_quote') === '*' ? '*' : columns('force_quote');
  const forceNotNull = columns('force_not_null');
  const forceNull = columns('force_null');
  const named = text('encoding');
  const encoding = named === undefined ? usual : namedEncoding(named, span);

  const csv = format === 'csv';
  for (const name of ['delimiter', 'null'])
    if (format === 'binary' && options.has(name))
      throw fail('syntax_error', `cannot specify ${name.toUpperCase()} in BINARY mode`, { span });
  const single = (name: string, value: string): string => {
    if (Buffer.byteLength(value) !== 1) throw unsupported(`COPY ${name} must be a single one-byte character`);
    return value;
  };
  const delimiter = single('delimiter', text('delimiter') ?? (csv ? ',' : '\t'));
  if (/[\r\n]/.test(delimiter)) throw wrong('COPY delimiter cannot be newline or carriage return');
  const nullText = text('null') ?? (csv ? '' : '\\N');
  if (/[\r\n]/.test(nullText)) throw wrong('COPY null representation cannot use newline or carriage return');
  if (!csv && /[\\a-z0-9.]/.test(delimiter)) throw wrong(`COPY delimiter cannot be "${delimiter}"`);
  if (format === 'binary' && header) throw unsupported('cannot specify HEADER in BINARY mode');
  const onlyCsv = (name: string) => {
    if (!csv && options.has(name)) throw unsupported(`COPY ${name.replaceAll('_', ' ')} available only in CSV mode`);
  };
  const only = (name: string, wanted: boolean) => {
    if (wanted !== isFrom && options.has(name))
      throw unsupported(`COPY ${name.replaceAll('_', ' ')} only available using COPY ${wanted ? 'FROM' : 'TO'}`);
  };
  onlyCsv('quote');
  const quote = single('quote', text('quote') ?? '"');
  if (csv && quote === delimiter) throw wrong('COPY delimiter and quote must be different');
  onlyCsv('escape');
  const mark = single('escape', text('escape') ?? quote);
  for (const [name, wanted] of [
    ['force_quote', false],
    ['force_not_null', true],
    ['force_null', true],
  ] as const) {
    onlyCsv(name);
    only(name, wanted);
  }
  if (nullText.includes(delimiter)) throw unsupported('COPY delimiter must not appear in the NULL specification');
  if (csv && nullText.includes(quote))
    throw unsupported('CSV quote character must not appear in the NULL specification');
  return { format, encoding, delimiter, nullText, header, quote, escape: mark, forceQuote, forceNotNull, forceNull };
}

function headerOf(value: unknown, isFrom: boolean, span: CopyStatement['span']): boolean | 'match' {
  if (value === undefined) return false;
  if (value === true) return true;
  const word = String(value).toLowerCase();
  if (/^(?:true|on|1)$/.test(word)) return true;
  if (/^(?:false|off|0)$/.test(word)) return false;
  if (word !== 'match') throw fail('syntax_error', 'header requires a Boolean value or "match"', { span });
  if (!isFrom) throw fail('feature_not_supported', 'cannot use "match" with HEADER in COPY TO', { span });
  return 'match';
}

function namedEncoding(given: string, span: CopyStatement['span']): ClientEncoding | undefined {
  const name = encodingName(given);
  if (name === undefined)
    throw fail('invalid_parameter_value', 'argument to option "encoding" must be a valid encoding name', { span });
  return clientEncoding(name);
}

/** Columns that options name must be copied. @throws DiagnosticError 42703, 42P10 */
export function checkForced(
  format: CopyFormat,
  copied: readonly string[],
  all: readonly string[],
  table?: string,
): void {
  const owner = table === undefined ? '' : ` of relation "${table}"`;
  for (const [option, names] of [
    ['FORCE_QUOTE', format.forceQuote === '*' ? [] : format.forceQuote],
    ['FORCE_NOT_NULL', format.forceNotNull],
    ['FORCE_NULL', format.forceNull],
  ] as const)
    for (const name of names) {
      if (!all.includes(name)) throw fail('undefined_column', `column "${name}"${owner} does not exist`);
      if (!copied.includes(name))
        throw fail('invalid_column_reference', `${option} column "${name}" not referenced by COPY`);
    }
}
