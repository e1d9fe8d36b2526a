// `{1,NULL,"a b"}` and `{{1,2},{3,4}}`: arrays read from PostgreSQL's text form.
import { dimensionsOf, type ListType } from '../array-type.js';
import { fail } from '../diagnostic.js';
import type { Value } from '../registry/overload.js';
import type { SqlType } from '../sql-type.js';
import { lengthsOf } from './array.js';

/** Braces inside braces: PostgreSQL's arrays have six dimensions at most. */
const mostDimensions = 6;

const opening = /^\s*(?:(?:\[[^\]]*\])+\s*=\s*)?((?:\{\s*)+)/;

/** How many dimensions an array literal has by its braces; 1 for what is none. */
export function literalDimensions(text: string): number {
  return Math.max(1, (opening.exec(text)?.[1] ?? '').replace(/\s/g, '').length);
}

/** @param parseElement reads an element's text form */
export function parseArray(text: string, type: ListType, parseElement: (text: string, type: SqlType) => Value): Value {
  return new ArrayReader(text, type, parseElement).whole();
}

class ArrayReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly type: ListType,
    private readonly parseElement: (text: string, type: SqlType) => Value,
  ) {}

  whole(): Value {
    this.blanks();
    const bounds = this.bounds();
    if (this.text[this.at] !== '{')
      throw this.malformed(
        bounds.length > 0
          ? 'Array contents must start with "{".'
          : 'Array value must start with "{" or dimension information.',
      );
    if (literalDimensions(this.text) > mostDimensions)
      throw fail(
        'program_limit_exceeded',
        `number of array dimensions (${mostDimensions + 1}) exceeds the maximum allowed (${mostDimensions})`,
      );
    const value = this.list(this.type);
    this.blanks();
    if (this.at < this.text.length) throw this.malformed('Junk after closing right brace.');
    if (this.type.rectangular && !isRectangular(value, this.type))
      throw this.malformed('Multidimensional arrays must have sub-arrays with matching dimensions.');
    const lengths = lengthsOf(value, this.type);
    if (bounds.length > 0 && bounds.map(([low, high]) => high - low + 1).join() !== lengths.join())
      throw this.malformed('Specified array dimensions do not match array contents.');
    if (bounds.some(([low]) => low !== 1))
      throw fail('feature_not_supported', 'arrays begin at 1 here: other lower bounds are not supported');
    return lengths.length === 0 ? [] : value;
  }

  private malformed(detail: string): Error {
    return fail('invalid_text_representation', `malformed array literal: "${this.text}"`, { detail });
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  /** `[1:2][1:3]=`. */
  private bounds(): (readonly [number, number])[] {
    const bounds: (readonly [number, number])[] = [];
    while (this.text[this.at] === '[') {
      const match = /^\[([+-]?\d+)(?::([+-]?\d+))?\]\s*/.exec(this.text.slice(this.at));
      if (!match) throw this.malformed('"[" must introduce explicitly-specified array dimensions.');
      const [low, high] = match[2] === undefined ? [1, Number(match[1])] : [Number(match[1]), Number(match[2])];
      if (high < low) throw fail('array_subscript_error', 'upper bound cannot be less than lower bound');
      bounds.push([low, high]);
      this.at += match[0].length;
    }
    if (bounds.length > 0) {
      if (this.text[this.at] !== '=') throw this.malformed('Missing "=" after array dimensions.');
      this.at++;
      this.blanks();
    }
    return bounds;
  }

  private list({ element }: ListType): Value[] {
    this.at++;
    const items: Value[] = [];
    this.blanks();
    if (this.text[this.at] === '}') {
      this.at++;
      return items;
    }
    for (;;) {
      this.blanks();
      if (this.text[this.at] === '{') {
        if (element.kind !== 'list') throw this.tooDeep();
        items.push(this.list(element));
      } else {
        if (element.kind === 'list' && this.type.rectangular)
          throw this.malformed('Multidimensional arrays must have sub-arrays with matching dimensions.');
        items.push(this.item(element));
      }
      this.blanks();
      const next = this.text[this.at++];
      if (next === '}') return items;
      if (next !== ',')
        throw this.malformed(next === undefined ? 'Unexpected end of input.' : 'Unexpected array element.');
    }
  }

  /** More braces than the type has lists: right in PostgreSQL, where the first element has them too. */
  private tooDeep(): Error {
    if (literalDimensions(this.text) <= dimensionsOf(this.type))
      return this.malformed('Multidimensional arrays must have sub-arrays with matching dimensions.');
    return fail('feature_not_supported', 'an array of several dimensions does not fit here', {
      detail: `"${this.text}" is read as an array of ${dimensionsOf(this.type)} dimension(s).`,
      hint: `Cast it where it is written, or to a type of its dimensions: ${'[]'.repeat(literalDimensions(this.text))}`,
    });
  }

  private item(element: SqlType): Value {
    const { text } = this;
    let word = '';
    if (text[this.at] === '"') {
      this.at++;
      while (text[this.at] !== '"') {
        if (text[this.at] === '\\') this.at++;
        if (this.at >= text.length) throw this.malformed('Unexpected end of input.');
        word += text[this.at++];
      }
      this.at++;
      return this.parseElement(word, element);
    }
    let plain = true;
    let end = 0;
    while (this.at < text.length && !'{},"'.includes(text[this.at]!)) {
      if (text[this.at] === '\\') {
        plain = false;
        this.at++;
        end = word.length + 1;
      }
      word += text[this.at++] ?? '';
    }
    // Blanks at the end go, but an escaped one.
    word = word.slice(0, end) + word.slice(end).trimEnd();
    if (word === '')
      throw this.malformed(
        this.at >= text.length ? 'Unexpected end of input.' : `Unexpected "${text[this.at]}" character.`,
      );
    return plain && word.toLowerCase() === 'null' ? null : this.parseElement(word, element);
  }
}

function isRectangular(value: readonly Value[], type: ListType): boolean {
  const { element } = type;
  if (!type.rectangular || element.kind !== 'list') return true;
  const rows = value as readonly (readonly Value[])[];
  const lengths = rows.map((row) => lengthsOf(row, element).join());
  return lengths.every((length) => length === lengths[0]) && rows.every((row) => isRectangular(row, element));
}
