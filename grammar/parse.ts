// Runs the scanner and a grammar. The grammars are built when first needed: 25 ms each.
import type { CstNode } from 'chevrotain';
import { NativeGrammar } from './native-grammar.js';
import { retag } from './retag.js';
import { type Language, scan } from './scanner.js';
import { isSelectScript, SelectGrammar } from './select-grammar.js';
import { SqlGrammar } from './sql-grammar.js';
import type { Token } from './tokens.js';

export type StartRule = 'script' | 'expression' | 'nativeQuery';

let select: SelectGrammar | undefined;
let sql: SqlGrammar | undefined;
let native: NativeGrammar | undefined;

/** The place where the grammar could not go on: an index into the tokens, their length for the end of the text. */
export interface CstError {
  readonly tokens: readonly Token[];
  readonly at: number;
}

export function tokenize(text: string, language: Language): Token[] {
  return retag(scan(text, language), language);
}

function grammarFor(rule: StartRule, tokens: readonly Token[]) {
  if (rule === 'nativeQuery') {
    native ??= new NativeGrammar();
    return { parser: native, run: native.nativeQuery };
  }
  if (rule === 'script' && !sql && isSelectScript(tokens)) {
    select ??= new SelectGrammar();
    return { parser: select, run: select.script };
  }
  sql ??= new SqlGrammar();
  return { parser: sql, run: sql[rule] };
}

/** The concrete syntax tree, or the first place where the tokens are no sentence. */
export function parseTokens(rule: StartRule, tokens: Token[]): CstNode | CstError {
  const { parser, run } = grammarFor(rule, tokens);
  const result = parser.parse(run, tokens);
  return typeof result === 'number' ? { tokens, at: result } : result;
}
