// What a regular expression says, before it is a machine: the tree that the parser gives.

/** Which characters match. */
export type CharTest = (point: number) => boolean;

/** What holds, or does not, at a position between characters. */
export type Assertion =
  | 'text_start'
  | 'text_end'
  | 'line_start'
  | 'line_end'
  | 'word_start'
  | 'word_end'
  | 'word_edge'
  | 'no_word_edge';

export type RegexNode =
  | { readonly kind: 'empty' }
  /** Cannot match. */
  | { readonly kind: 'never' }
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'look'; readonly node: RegexNode; readonly behind: boolean; readonly negated: boolean }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: RegexNode;
      readonly min: number;
      readonly max: number;
      /** What the quantifier prefers; `{m}` leaves it to its operand. */
      readonly prefers?: 'longer' | 'shorter';
    }
  | { readonly kind: 'capture'; readonly group: number; readonly item: RegexNode }
  | { readonly kind: 'backref'; readonly group: number };

export const isWord = (point: number): boolean =>
  (point >= 97 && point <= 122) ||
  (point >= 65 && point <= 90) ||
  (point >= 48 && point <= 57) ||
  point === 95 ||
  (point > 127 && /[\p{L}\p{N}\p{M}]/u.test(String.fromCodePoint(point)));

/** The code points of a text, by which positions count. */
export function codePoints(text: string): Uint32Array {
  const points = new Uint32Array(text.length);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    points[count++] = point;
    if (point > 0xffff) i++;
  }
  return count === text.length ? points : points.subarray(0, count);
}
