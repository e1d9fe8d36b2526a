// `to_char` of numbers: PostgreSQL's walk over a template with the digits at hand.
import type { NumericValue } from '../../registry/overload.js';
import { absBigInt, printNumeric, roundNumeric } from '../numeric.js';
import { type NumberKey, type NumberTemplate, numberTemplate } from './number-template.js';

/** A number as text: its digits with the point, blanks for the digits it has not, its sign apart. */
interface Digits {
  readonly text: string;
  readonly sign: '+' | '-';
  readonly blanks: number;
}

const roman: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function romanText(n: number): string {
  if (!(n >= 1 && n <= 3999)) return '#'.repeat(15);
  let rest = n;
  let text = '';
  for (const [size, letters] of roman) for (; rest >= size; rest -= size) text += letters;
  return text;
}

/** `#` for each digit where the number is too long. */
function fitted(text: string, sign: '+' | '-', { pre, post, multi }: NumberTemplate): Digits {
  const wanted = pre + multi;
  const point = text.indexOf('.');
  const length = point < 0 ? text.length : point;
  if (length > wanted) return { text: `${'#'.repeat(wanted)}.${'#'.repeat(post)}`, sign, blanks: 0 };
  return { text, sign, blanks: wanted - length };
}

/** What PostgreSQL shows of NaN and infinities in scientific form. */
const hashes = ({ pre, post }: NumberTemplate): string => ` ${'#'.repeat(pre)}.${'#'.repeat(post + 4)}`;

const exponentText = (exponent: number): string =>
  `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

/** The decimal digits of a number rounded to one before the point and `post` after it. */
function scientific({ unscaled, scale }: NumericValue, post: number): string {
  const negative = unscaled < 0n;
  let digits = absBigInt(unscaled).toString();
  let exponent = unscaled === 0n ? 0 : digits.length - 1 - scale;
  const rounded = roundNumeric({ unscaled: BigInt(digits), scale: digits.length - 1 }, post);
  digits = absBigInt(rounded.unscaled)
    .toString()
    .padStart(post + 1, '0');
  if (digits.length > post + 1) {
    exponent++;
    digits = digits.slice(0, post + 1);
  }
  const mantissa = post > 0 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${negative ? '-' : ' '}${mantissa}${exponentText(exponent)}`;
}

export function formatNumeric(value: NumericValue, text: string): string {
  if (text === '') return '';
  const template = numberTemplate(text);
  if (template.scientific) return value.special ? hashes(template) : scientific(value, template.post);
  if (template.roman) return process(template, romanDigits(value.special ? 0 : Number(roundNumeric(value).unscaled)));
  if (value.special)
    return process(
      template,
      fitted(value.special.replace('-', ''), value.special === '-Infinity' ? '-' : '+', template),
    );
  const scaled = { unscaled: value.unscaled * 10n ** BigInt(template.multi), scale: value.scale };
  const rounded = printNumeric(roundNumeric(scaled, template.post));
  const negative = rounded.startsWith('-');
  return process(template, fitted(negative ? rounded.slice(1) : rounded, negative ? '-' : '+', template));
}

const romanDigits = (n: number): Digits => ({ text: romanText(n), sign: '+', blanks: 0 });

/** As C's printf rounds: of the exact binary value, ties to even. */
function fixed(x: number, places: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : 'Infinity';
  if (x >= 1e21) return places > 0 ? `${BigInt(x)}.${'0'.repeat(places)}` : String(BigInt(x));
  // JavaScript rounds ties up; there are none unless twice the last place is a whole number of x's binary places.
  if (Number.isInteger(x) || !Number.isInteger(x * 2 ** (places + 1))) return x.toFixed(places);
  const [integer, fraction = ''] = x.toFixed(100).split('.') as [string, string];
  const kept = BigInt(integer + fraction.slice(0, places));
  const rest = fraction.slice(places).replace(/0+$/, '');
  const up = rest > '5' || (rest === '5' && kept % 2n === 1n);
  const digits = (kept + (up ? 1n : 0n)).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  return places > 0 ? `${digits.slice(0, cut)}.${digits.slice(cut)}` : digits;
}

/** @param precision decimal digits that the type can tell: what is asked beyond them is left out */
export function formatFloat(x: number, text: string, precision: 6 | 15): string {
  if (text === '') return '';
  let template = numberTemplate(text);
  if (template.scientific) {
    if (!Number.isFinite(x)) return hashes(template);
    const [mantissa, exponent] = x.toExponential(Math.min(100, template.post)).split('e') as [string, string];
    return `${mantissa.startsWith('-') ? '' : ' '}${mantissa}${exponentText(Number(exponent))}`;
  }
  if (template.roman) return process(template, romanDigits(Math.round(x)));
  const scaled = Math.abs(x) * 10 ** template.multi;
  const whole = fixed(scaled, 0).length;
  const post = whole >= precision ? 0 : Math.min(template.post, precision - whole);
  template = { ...template, post };
  return process(template, fitted(fixed(scaled, post), x < 0 ? '-' : '+', template));
}

const ordinal = (digits: string): string => {
  const n = Number(digits.slice(-2));
  return n > 10 && n < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
};

/** The last digit that says something, or the point; -1 where there is none. */
function lastRelevant(text: string, { zeroEnd }: NumberTemplate, blanks: number): number {
  const point = text.indexOf('.');
  if (point < 0) return -1;
  let last = point;
  for (let i = point + 1; i < text.length; i++) if (text[i] !== '0') last = i;
  if (zeroEnd > blanks) last = Math.max(last, Math.min(text.length - 1, zeroEnd - blanks));
  return last;
}

function process(template: NumberTemplate, { text, sign, blanks }: Digits): string {
  const { zero, zeroStart, decimal, fill, bracket: brackets, roman: isRoman } = template;
  const ownSigns = template.plus || template.minus;
  const bracket = brackets && !(fill && sign !== '-' && !ownSigns);
  let signWritten = ownSigns ? template.minus : sign === '+' && fill && template.sign === 'none';
  const signPlace =
    !ownSigns && template.sign === 'before' && template.pre === template.digitsBeforeSign ? 'after' : template.sign;
  const pre = template.pre + template.multi;
  let count = template.post + pre - 1;
  if (!signWritten && blanks === 0) count++;
  const relevant = fill && decimal ? lastRelevant(text, template, blanks) : -1;
  let out = '';
  let inNumber = false;
  /** Places of digits and of the point passed so far, and characters of `text` written. */
  let [place, at] = [0, 0];

  const isLoneZero = () => !zero && at === 0 && text[0] === '0' && template.post !== 0;
  const writeSign = () => {
    if (signPlace !== 'none') {
      if (signPlace !== 'before') return;
      out += sign;
    } else if (bracket) out += sign === '+' ? ' ' : '<';
    else if (sign === '-') out += '-';
    else if (!fill) out += ' ';
    signWritten = true;
  };
  const writeDigit = (key: NumberKey) => {
    if (isRoman) return;
    inNumber = false;
    const starts = place >= blanks || (zero && zeroStart === place);
    if (!signWritten && starts && (!isLoneZero() || (relevant >= 0 && text[relevant] === '.'))) writeSign();
    if (place < blanks && (!zero || zeroStart > place)) {
      if (!fill) out += ' ';
    } else if (zero && place < blanks) {
      out += '0';
      inNumber = true;
    } else {
      const c = text[at];
      if (c === '.') out += '.';
      else if (c !== undefined && !(relevant >= 0 && at > relevant && key !== '0')) {
        if (isLoneZero()) {
          if (!fill) out += ' ';
          else if (relevant >= 0 && text[relevant] === '.') out += '0';
        } else {
          out += c;
          inNumber = true;
        }
      }
      if (at < text.length) at++;
    }
    let end = count + (blanks > 0 ? 1 : 0) + (decimal ? 1 : 0);
    if (relevant >= 0 && relevant === at) end = place;
    if (place + 1 === end) {
      if (signWritten && bracket) out += sign === '+' ? ' ' : '>';
      else if (signPlace === 'after') out += sign;
    }
    place++;
  };

  for (const node of template.nodes) {
    if ('char' in node) {
      out += node.char;
      continue;
    }
    switch (node.key) {
      case '9':
      case '0':
      case '.':
      case 'D':
        writeDigit(node.key);
        break;
      case ',':
      case 'G':
        if (inNumber) out += ',';
        else if (!fill) out += ' ';
        break;
      case 'L':
        out += ' ';
        break;
      case 'RN':
        out += fill ? text : text.padStart(15);
        break;
      case 'rn':
        out += (fill ? text : text.padStart(15)).toLowerCase();
        break;
      case 'TH':
      case 'th':
        if (isRoman || text.startsWith('#') || sign === '-' || decimal) break;
        out += node.key === 'TH' ? ordinal(text).toUpperCase() : ordinal(text);
        break;
      case 'MI':
        if (sign === '-') out += '-';
        else if (!fill) out += ' ';
        break;
      case 'PL':
        if (sign === '+') out += '+';
        else if (!fill) out += ' ';
        break;
      case 'SG':
        out += sign;
    }
  }
  return out;
}
