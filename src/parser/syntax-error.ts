// Words a syntax error as PostgreSQL does, with a hint where the mistake can be guessed.
import { type CstError, keywords, type Language, tokens as t } from '../../grammar/index.js';
import { type DiagnosticError, fail, suggest } from '../core/index.js';
import { refusedStatement } from './refused-statement.js';

const { kw } = t;

export const nativeInSql = 'This is the native language: give the dataset with it, as in skyhook query --dataset.';

/** Throwable; `at` indexes the token that cannot stand where it does. */
export function syntaxError(text: string, language: Language, { tokens, at }: CstError): DiagnosticError {
  // A keyword that became a label for want of an operand: the fault is the missing operand.
  const type = tokens[at]?.tokenType;
  const isLabel = at > 0 && (type === t.LabelWord || type === t.TypeFuncLabel);
  // Of an empty pair of parentheses the closing one is at fault.
  const index = isLabel || type === t.EmptyParen ? at + 1 : at;
  const token = tokens[index];
  if (!token) {
    const hint = hintAt(language, tokens, index);
    return fail('syntax_error', 'syntax error at end of input', {
      span: { start: text.length, end: text.length },
      hint,
    });
  }
  const span = { start: token.startOffset, end: token.endOffset + 1 };
  const refused = language === 'sql' ? refusedStatement(tokens, index) : undefined;
  if (refused !== undefined) return fail('feature_not_supported', `${refused} is not supported`, { span });
  return fail('syntax_error', `syntax error at or near "${token.image}"`, {
    span,
    hint: hintAt(language, tokens, index),
  });
}

const clauseWords = [
  'select',
  'from',
  'where',
  'group',
  'having',
  'order',
  'limit',
  'offset',
  'union',
  'join',
  'with',
  'distinct',
  'between',
  'explain',
];

function hintAt(language: Language, tokens: CstError['tokens'], at: number): string | undefined {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (language === 'native') {
    const hint = nativeHint(tokens, at);
    if (hint !== undefined) return hint;
  }
  if (language === 'sql') {
    const hint = sqlHint(tokens, at);
    if (hint !== undefined) return hint;
  }
  if (!token) return tokens.length === 0 ? undefined : (unclosedHint(tokens) ?? 'The statement is not complete.');
  if (token.tokenType === t.Comma && before?.tokenType === t.Comma) return 'There is a comma too many.';
  if (before?.tokenType === t.Comma && (token.tokenType === kw.FROM || token.tokenType === t.RParen))
    return 'There is a comma too many before it.';
  for (const suspect of [token, before]) {
    if (suspect?.tokenType !== t.Identifier) continue;
    const guess = suggest(suspect.image.toLowerCase(), clauseWords);
    if (guess !== undefined) return `Perhaps "${guess}" was meant for "${suspect.image}"?`;
  }
  if (token.tokenType === t.Op && token.image === '==') return 'Equality is written "=".';
  if (keywords.get(token.image.toLowerCase())?.category === 'reserved')
    return `"${token.image}" is a reserved word; as a name it is written "${token.image}" in double quotes.`;
  return undefined;
}

/** Where the bracket opened that is still open at the end. */
function unclosedHint(tokens: CstError['tokens']): string | undefined {
  const open: CstError['tokens'][number][] = [];
  for (const token of tokens) {
    if (/^[([{]$/.test(token.image)) open.push(token);
    else if (/^[)\]}]$/.test(token.image)) open.pop();
  }
  const last = open.pop();
  return last && `The "${last.image}" at offset ${last.startOffset + 1} is not closed.`;
}

/** The native language, or its names, typed into SQL. */
function sqlHint(tokens: CstError['tokens'], at: number): string | undefined {
  const words = tokens.map((token) => token.image.toLowerCase());
  const cycle = [at, at - 1].find(
    (i) => tokens[i]?.tokenType === t.Semicolon || tokens[i - 1]?.tokenType === t.Semicolon,
  );
  if (cycle !== undefined) {
    const semicolon = tokens[cycle]!.tokenType === t.Semicolon ? cycle : cycle - 1;
    const number = tokens[semicolon + 1];
    const tree = tokens[semicolon - 1];
    if (words[semicolon - 2] === 'project') return nativeInSql;
    if (tree?.tokenType === t.Identifier && (number?.tokenType === t.Integer || number?.tokenType === t.Decimal))
      return `A tree with its cycle is written in double quotes: "${tree.image};${Number.parseInt(number.image, 10)}".`;
  }
  if (words.includes('project') && tokens[words.indexOf('project') - 1]?.tokenType === t.Comma) return nativeInSql;
  return undefined;
}

function nativeHint(tokens: CstError['tokens'], at: number): string | undefined {
  const token = tokens[at];
  const operator = tokens.find(({ image, tokenType }) => tokenType === t.Op && (image === '&&' || image === '||'));
  if (operator) return `Conditions are joined by "${operator.image === '&&' ? 'and' : 'or'}", not "${operator.image}".`;
  if (at === 0) return 'A native query begins with "select": select event_id > 5, project Events;75.Muon_phi';
  if (!token) return unclosedHint(tokens);
  const word = token.image.toLowerCase();
  if (word === 'project') return 'A comma is missing before "project".';
  if (word === 'from') return 'A native query names its tree in "project": select *, project Events.Muon_pt';
  if (token.tokenType === t.TreeCycle) return 'Paths come after ", project".';
  if (token.tokenType === t.Semicolon) return 'A cycle is a number right after ";": Events;75';
  if (token.tokenType === kw.SELECT) return 'The native language has no subqueries.';
  return undefined;
}
