// Small steps every CST → AST conversion takes: places and names; and how it refuses what the grammar alone lets through.
import type { CstNode } from 'chevrotain';
import { type Token, tokens as t } from '../../grammar/index.js';
import type { Span } from '../core/index.js';
import type { Name } from './ast.js';

/** A syntax error at the first token that starts at or after an offset; the entry point knows the tokens and words the message. */
export class UnexpectedToken extends Error {
  override readonly name = 'UnexpectedToken';
  readonly offset: number;

  constructor(offset: number) {
    super('unexpected token');
    this.offset = offset;
  }
}

export function tokenSpan(token: Token): Span {
  return { start: token.startOffset, end: token.endOffset + 1 };
}

export function nodeSpan(node: CstNode): Span {
  const { location } = node;
  return { start: location!.startOffset, end: location!.endOffset! + 1 };
}

export function join(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}

export function toName(token: Token): Name {
  return { text: token.value, quoted: token.tokenType === t.QuotedIdentifier, span: tokenSpan(token) };
}

export function toNames(parts: readonly Token[]): Name[] {
  const names: Name[] = [];
  for (const part of parts) names.push(toName(part));
  return names;
}

/** The first of the given children that exists. */
export function firstOf(...candidates: (readonly Token[] | undefined)[]): Token | undefined {
  for (const candidate of candidates) if (candidate) return candidate[0];
  return undefined;
}

const uncallable = new Set([t.ColNameWord, t.TypeWord, t.TypeWordAs, t.kw.BETWEEN, t.kw.PRECISION]);

/** PostgreSQL's col_name keywords name columns, never functions. */
export function refuseCall(parts: readonly Token[], list: CstNode): void {
  if (parts.length === 1 && uncallable.has(parts[0]!.tokenType)) throw new UnexpectedToken(list.location!.startOffset);
}
