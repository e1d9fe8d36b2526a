// Where each bracket and each CASE of a statement closes: what the parser needs to put a deep part aside.
import * as t from './tokens.js';
import { kw, type Token } from './tokens.js';

const closers = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const isBracket: boolean[] = [];
for (const type of t.vocabulary) if (type.CATEGORIES?.includes(t.LParen)) isBracket[type.tokenTypeIdx!] = true;
for (const type of [t.RParen, t.LBracket, t.RBracket, t.LBrace, t.RBrace]) isBracket[type.tokenTypeIdx!] = true;

/**
 * By the index of the opening token the index of the closing one; for one that never closes, that of the last token before
 * which it would have to: no sentence goes on behind it.
 */
export function matchBrackets(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const closeOf = new Map<number, number>();
  const open: number[] = [];
  const abandon = (count: number, before: number) => {
    for (let i = 0; i < count; i++) closeOf.set(open.pop()!, before - 1);
  };
  const isCase = (at: number | undefined) => at !== undefined && tokens[at]!.tokenType === kw.CASE;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.tokenType === kw.CASE || token.tokenType === kw.END) {
      const before = tokens[i - 1]?.tokenType;
      if (before === t.Dot || before === kw.AS) continue;
      if (token.tokenType === kw.CASE) open.push(i);
      else if (isCase(open[open.length - 1])) closeOf.set(open.pop()!, i);
    } else if (isBracket[token.tokenTypeIdx]) {
      if (closers.has(token.image)) {
        open.push(i);
        continue;
      }
      while (isCase(open[open.length - 1])) abandon(1, i);
      const top = open[open.length - 1];
      if (top !== undefined && closers.get(tokens[top]!.image) === token.image) closeOf.set(open.pop()!, i);
      else abandon(open.length, i);
    }
  }
  abandon(open.length, tokens.length);
  return closeOf;
}
