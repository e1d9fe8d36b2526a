// `to_number`: the number that a text shows in the form of a template.
import { fail } from '../../diagnostic.js';
import type { NumericValue } from '../../registry/overload.js';
import { applyNumericTypmod, multiplyNumeric, parseNumeric } from '../numeric.js';
import { type NumberKey, type NumberTemplate, numberTemplate } from './number-template.js';

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

/** PostgreSQL's walk over the template, which takes what the text has and is not strict about the rest. */
class NumberReader {
  readonly #text: readonly string[];
  readonly #template: NumberTemplate;
  #at = 0;
  sign = ' ';
  digits = '';
  #before = 0;
  after = 0;
  #point = false;

  constructor(text: string, template: NumberTemplate) {
    this.#text = [...text];
    this.#template = template;
  }

  get #ended(): boolean {
    return this.#at >= this.#text.length;
  }

  read(): void {
    for (const node of this.#template.nodes) {
      if (this.#ended) return;
      if ('char' in node) this.#at++;
      else this.#pattern(node.key);
    }
  }

  #pattern(key: NumberKey): void {
    const c = this.#text[this.#at];
    switch (key) {
      case '9':
      case '0':
      case '.':
      case 'D':
        this.#digit(key);
        this.#at++;
        return;
      case ',':
      case 'G':
        if (c === ',') this.#at++;
        return;
      case 'L':
        this.#skipOther(1);
        return;
      case 'TH':
      case 'th':
        if (!this.#template.decimal) this.#skipOther(2);
        return;
      case 'MI':
      case 'PL':
      case 'SG':
        if ((c === '-' && key !== 'PL') || (c === '+' && key !== 'MI')) {
          this.sign = c;
          this.#at++;
        } else this.#skipOther(1);
    }
  }

  /** Characters that are no part of a number. */
  #skipOther(most: number): void {
    for (let i = 0; i < most && !this.#ended && !/[0-9.,+-]/.test(this.#text[this.#at]!); i++) this.#at++;
  }

  #digit(key: NumberKey): void {
    const { sign, bracket, decimal, post } = this.#template;
    if (this.#text[this.#at] === ' ') this.#at++;
    if (this.#ended) return;
    if (this.sign === ' ' && (key === '0' || key === '9') && this.#before + this.after === 0) {
      const c = this.#text[this.#at]!;
      const signs = sign === 'none' || sign === 'before';
      if (signs && (c === '-' || (sign === 'none' && bracket && c === '<'))) {
        this.sign = '-';
        this.#at++;
      } else if (signs && c === '+') {
        this.sign = '+';
        this.#at++;
      }
    }
    if (this.#ended) return;
    let isRead = false;
    const c = this.#text[this.#at]!;
    if (isDigit(c)) {
      if (this.#point && this.after === post) return;
      this.digits += c;
      if (this.#point) this.after++;
      else this.#before++;
      isRead = true;
    } else if (decimal && !this.#point && c === '.') {
      this.digits += '.';
      this.#point = true;
      isRead = true;
    }
    if (this.sign === ' ' && this.#before + this.after > 0) this.#signBehind(isRead);
  }

  /** A sign right after the last digit. */
  #signBehind(isRead: boolean): void {
    const { sign, plus, minus } = this.#template;
    const next = this.#text[this.#at + 1];
    if (sign !== 'none') {
      if (isRead && (next === '-' || next === '+')) {
        this.sign = next;
        this.#at++;
      }
      return;
    }
    const c = this.#text[this.#at];
    if (!isRead && (plus || minus) && (c === '-' || c === '+')) this.sign = c;
  }
}

/** @throws DiagnosticError 22P02 where the text shows none, 22003, 0A000, 42601 */
export function readNumber(text: string, spelled: string): NumericValue | null {
  if (spelled === '') return null;
  const template = numberTemplate(spelled);
  if (template.scientific) throw fail('feature_not_supported', '"EEEE" not supported for input');
  if (template.roman) throw fail('feature_not_supported', '"RN" not supported for input');
  const reader = new NumberReader(text, template);
  reader.read();
  const shown = `${reader.sign}${reader.digits.replace(/\.$/, '')}`;
  const value = parseNumeric(shown);
  if (!value) throw fail('invalid_text_representation', `invalid input syntax for type numeric: "${shown}"`);
  const limited = applyNumericTypmod(value, template.pre + template.multi + reader.after, reader.after);
  if (template.multi === 0) return limited;
  // Divided by a power of ten, with the digits that its power has.
  const factor = { unscaled: 10n ** BigInt(16 - template.multi), scale: 16 };
  return multiplyNumeric(limited, factor);
}
