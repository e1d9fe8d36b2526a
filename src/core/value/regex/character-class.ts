// Classes and names of characters in brackets, `[[:alpha:]]` and `[[.hyphen.]]`, and the cases of a letter.
import { type CharTest, isWord } from './regex-node.js';

const unicode = (source: string): CharTest => {
  const regex = new RegExp(source, 'u');
  return (point) => regex.test(String.fromCodePoint(point));
};
const wide = (ascii: RegExp, rest: RegExp): CharTest => {
  const table = Array.from({ length: 128 }, (_, point) => ascii.test(String.fromCharCode(point)));
  return (point) => (point < 128 ? table[point]! : rest.test(String.fromCodePoint(point)));
};

export const characterClasses: Readonly<Record<string, CharTest>> = {
  alnum: wide(/[A-Za-z0-9]/, /[\p{L}\p{N}\p{M}]/u),
  alpha: wide(/[A-Za-z]/, /[\p{L}\p{M}\p{Nl}\p{Nd}]/u),
  ascii: (point) => point < 128,
  blank: wide(/[ \t]/, /[\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]/u),
  cntrl: wide(/\p{Cc}/u, /[\p{Cc}\u2028\u2029]/u),
  digit: (point) => point >= 48 && point <= 57,
  graph: wide(/[!-~]/, /[^\p{C}\p{Z}]/u),
  lower: wide(/[a-z]/, /\p{Lowercase}/u),
  print: wide(/[ -~]/, /[^\p{C}\p{Zl}\p{Zp}]/u),
  punct: wide(/[!-/:-@[-`{-~]/, /[\p{P}\p{S}]/u),
  space: wide(/[ \t-\r]/, /[\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/u),
  upper: wide(/[A-Z]/, /\p{Uppercase}/u),
  word: isWord,
  xdigit: unicode('[0-9A-Fa-f]'),
};

export const collatingNames: Readonly<Record<string, string>> = {
  NUL: '\0',
  tab: '\t',
  newline: '\n',
  'carriage-return': '\r',
  space: ' ',
  hyphen: '-',
  'hyphen-minus': '-',
  period: '.',
  'full-stop': '.',
  slash: '/',
  comma: ',',
  zero: '0',
  one: '1',
  'left-square-bracket': '[',
  'right-square-bracket': ']',
  backslash: '\\',
  circumflex: '^',
  underscore: '_',
};

const casesByPoint = new Map<number, readonly number[]>();

/** The letter in all its cases. */
export function casesOf(point: number): readonly number[] {
  let cases = casesByPoint.get(point);
  if (!cases) {
    const char = String.fromCodePoint(point);
    const single = (s: string) => ([...s].length === 1 ? s.codePointAt(0)! : point);
    cases = [...new Set([point, single(char.toLowerCase()), single(char.toUpperCase())])];
    if (casesByPoint.size > 10_000) casesByPoint.clear();
    casesByPoint.set(point, cases);
  }
  return cases;
}
