// The entry points: text → tokens → CST → AST, and one place where a syntax error gets its words.
import {
  type CstError,
  type ExpressionCstNode,
  hintComments,
  type Language,
  parseTokens,
  type ScriptCstNode,
  type StartRule,
  type Token,
  tokenize,
} from '../../grammar/index.js';
import { DiagnosticError, fail, type Span } from '../core/index.js';
import type { Expr } from './ast.js';
import { UnexpectedToken } from './build.js';
import { parseHints, withHints } from './parse-hints.js';
import type { QueryStatement, Statement } from './statement-ast.js';
import { nativeInSql, syntaxError } from './syntax-error.js';
import { toExpr } from './to-expr.js';
import { toNativeQuery } from './to-native-query.js';
import { toStatement } from './to-statement.js';
import { checkDepth } from './tree-depth.js';

/** A script of statements separated by `;`; empty ones are dropped. Throws 42601, 54001, 0A000 and the literals' errors. */
export function parseSql(text: string): Statement[] {
  const statements = run(text, 'script', (cst: ScriptCstNode) => (cst.children.statement ?? []).map(toStatement));
  const comments = hintComments(text, 'sql');
  return comments.length === 0 ? statements : withHints(statements, comments);
}

export function parseNative(text: string): QueryStatement & Pick<Statement, 'hints'> {
  const statement = run(text, 'nativeQuery', toNativeQuery);
  const comments = hintComments(text, 'native');
  return comments.length === 0 ? statement : { ...statement, hints: parseHints(comments) };
}

/** For tests. */
export function parseExpression(text: string): Expr {
  return run(text, 'expression', (cst: ExpressionCstNode) => toExpr(cst));
}

function run<C extends object, A extends object>(text: string, rule: StartRule, convert: (cst: C) => A): A {
  const language = rule === 'nativeQuery' ? 'native' : 'sql';
  const tokens = tokensOf(text, language, rule);
  try {
    const equality = language === 'native' ? tokens.find((token) => token.image === '==') : undefined;
    if (equality) throw new UnexpectedToken(equality.startOffset);
    const cst = parseTokens(rule, tokens);
    if ('at' in cst) throw syntaxError(text, language, cst as CstError);
    const ast = convert(cst as unknown as C);
    checkDepth(ast, tokens.length);
    return ast;
  } catch (error) {
    if (error instanceof UnexpectedToken) {
      const at = tokens.findIndex((token) => token.startOffset >= error.offset);
      throw syntaxError(text, language, { tokens, at: at < 0 ? tokens.length : at });
    }
    // The depth of nesting is bounded, so only a caller near the end of the stack gets here.
    if (error instanceof RangeError && !(error instanceof DiagnosticError))
      throw fail('statement_too_complex', 'stack depth limit exceeded', { span: deepest(tokens), cause: error });
    throw error;
  }
}

const nativePath = /,\s*project\s+[^,;\s]+;$/i;

/** Of two faults the first is told: the grammar's, if one comes before what the scanner cannot read. */
function tokensOf(text: string, language: Language, rule: StartRule): Token[] {
  try {
    return tokenize(text, language);
  } catch (error) {
    const start = error instanceof DiagnosticError ? error.diagnostic.span?.start : undefined;
    if (start === undefined || (error as DiagnosticError).code === '54001') throw error;
    const before = tokenize(text.slice(0, start), language);
    const cst = parseTokens(rule, before);
    if ('at' in cst && (cst as CstError).at < before.length) throw syntaxError(text, language, cst as CstError);
    const { diagnostic } = error as DiagnosticError;
    // `Events;75.Muon_pt` is no number with junk behind it, in the other language.
    if (language === 'sql' && nativePath.test(text.slice(0, start)))
      throw new DiagnosticError({ ...diagnostic, hint: nativeInSql });
    throw error;
  }
}

/** The innermost opening parenthesis: where a statement that fills the stack is deepest. */
function deepest(tokens: readonly Token[]): Span {
  let depth = 0;
  let most = 0;
  let span: Span = { start: 0, end: 0 };
  for (const token of tokens) {
    if (token.image === '(') {
      if (++depth > most) {
        most = depth;
        span = { start: token.startOffset, end: token.endOffset + 1 };
      }
    } else if (token.image === ')') depth--;
  }
  return span;
}
