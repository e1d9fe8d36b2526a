// `to_char` of times and numbers: PostgreSQL's templates.
import { fail } from '../diagnostic.js';
import type { IntervalValue, NumericValue, Value } from '../registry/overload.js';
import type { SqlType } from '../sql-type.js';
import { datePart } from './calendar.js';
import { civilFromDays, splitTimestamp, timestampInfinity } from './datetime.js';
import { absBigInt, floatToNumeric, numericToFloat, roundNumeric } from './numeric.js';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const romanMonths = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** Days since 1970; absent of intervals. */
  readonly days?: number;
  readonly zoned: boolean;
}

function momentOf(value: Value, type: SqlType): Moment {
  if (type.kind === 'interval') {
    const { months: m, days, micros } = value as IntervalValue;
    const seconds = micros / 1_000_000n;
    return {
      year: Math.trunc(m / 12),
      month: m % 12,
      day: days,
      hour: Number(seconds / 3600n),
      minute: Number((seconds / 60n) % 60n),
      second: Number(seconds % 60n),
      micros: Number(micros % 1_000_000n),
      zoned: false,
    };
  }
  const { days, time } = splitTimestamp(value as bigint);
  const seconds = Number(time / 1_000_000n);
  return {
    ...civilFromDays(days),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micros: Number(time % 1_000_000n),
    days,
    zoned: type.kind === 'timestamptz',
  };
}

/** Longest first, so that `HH24` is not `HH`; the letters' case matters for words alone. */
const timePattern =
  /HH24|HH12|HH|MI|SSSSS|SSSS|SS|MS|US|FF[1-6]|AM|PM|A\.M\.|P\.M\.|Y,YYY|YYYY|YYY|YY|Y|IYYY|IYY|IY|IDDD|ID|IW|I|BC|AD|B\.C\.|A\.D\.|MONTH|MON|MM|DAY|DY|DDD|DD|D|WW|W|CC|J|Q|RM|TZH|TZM|TZ|OF/iy;

const ordinal = (n: number): string => {
  const tens = Math.abs(n) % 100;
  return tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][Math.abs(n) % 10] ?? 'th');
};

/** As the template spells it: `MONTH`, `Month` or `month`. */
const cased = (word: string, spelled: string): string =>
  spelled === spelled.toUpperCase()
    ? word.toUpperCase()
    : spelled[0] === spelled[0]!.toUpperCase()
      ? word
      : word.toLowerCase();

export function formatTime(value: Value, type: SqlType, template: string): string | null {
  if (template === '') return null;
  if (type.kind !== 'interval' && absBigInt(value as bigint) >= timestampInfinity) return null;
  const moment = momentOf(value, type);
  let out = '';
  for (let i = 0; i < template.length; ) {
    const c = template[i]!;
    if (c === '"') {
      for (i++; i < template.length && template[i] !== '"'; i++) {
        if (template[i] === '\\' && i + 1 < template.length) i++;
        out += template[i];
      }
      i++;
      continue;
    }
    if (c === '\\' && template[i + 1] === '"') {
      out += '"';
      i += 2;
      continue;
    }
    const prefix = /(?:FM|TM)*/iy;
    prefix.lastIndex = i;
    const bare = prefix.exec(template)![0];
    timePattern.lastIndex = i + bare.length;
    const match = timePattern.exec(template);
    if (!match) {
      out += c;
      i++;
      continue;
    }
    i = timePattern.lastIndex;
    const field = timeField(match[0], moment, bare !== '', value, type);
    out += field;
    const suffix = /^(TH|th)/.exec(template.slice(i));
    if (suffix && /^-?\d+$/.test(field)) {
      out += suffix[0] === 'TH' ? ordinal(Number(field)).toUpperCase() : ordinal(Number(field));
      i += 2;
    }
  }
  return out;
}

function timeField(spelled: string, m: Moment, bare: boolean, value: Value, type: SqlType): string {
  const padded = (n: number, width: number) => {
    if (bare) return String(n);
    return n < 0 ? `-${String(-n).padStart(width, '0')}` : String(n).padStart(width, '0');
  };
  const word = (text: string, width: number) => (bare ? text : text.padEnd(width));
  const key = spelled.toUpperCase();
  const part = (field: string) => {
    if (m.days === undefined)
      throw fail('invalid_datetime_format', 'invalid format specification for an interval value');
    return Math.trunc(numericToFloat(datePart(field, value, type)!));
  };
  const half = m.hour % 12 === 0 ? 12 : m.hour % 12;
  const shownYear = m.days === undefined || m.year > 0 ? m.year : 1 - m.year;
  const isoYear = () => part('isoyear');
  switch (key) {
    case 'HH24':
      return padded(m.hour, 2);
    case 'HH12':
    case 'HH':
      return padded(half, 2);
    case 'MI':
      return padded(m.minute, 2);
    case 'SS':
      return padded(m.second, 2);
    case 'SSSS':
    case 'SSSSS':
      return String(m.hour * 3600 + m.minute * 60 + m.second);
    case 'MS':
    case 'FF3':
      return String(Math.trunc(m.micros / 1000)).padStart(3, '0');
    case 'US':
    case 'FF6':
      return String(m.micros).padStart(6, '0');
    case 'FF1':
    case 'FF2':
    case 'FF4':
    case 'FF5':
      return String(m.micros).padStart(6, '0').slice(0, Number(key[2]));
    case 'AM':
    case 'PM':
      return cased(m.hour % 24 >= 12 ? 'PM' : 'AM', spelled === spelled.toLowerCase() ? 'x' : 'X');
    case 'A.M.':
    case 'P.M.':
      return cased(m.hour % 24 >= 12 ? 'P.M.' : 'A.M.', spelled === spelled.toLowerCase() ? 'x' : 'X');
    case 'BC':
    case 'AD':
      return cased(m.year <= 0 && m.days !== undefined ? 'BC' : 'AD', spelled === spelled.toLowerCase() ? 'x' : 'X');
    case 'B.C.':
    case 'A.D.':
      return cased(
        m.year <= 0 && m.days !== undefined ? 'B.C.' : 'A.D.',
        spelled === spelled.toLowerCase() ? 'x' : 'X',
      );
    case 'Y,YYY':
      return `${Math.trunc(shownYear / 1000)},${String(shownYear % 1000).padStart(3, '0')}`;
    case 'YYYY':
      return padded(shownYear, 4);
    case 'YYY':
      return padded(shownYear % 1000, 3);
    case 'YY':
      return padded(shownYear % 100, 2);
    case 'Y':
      return padded(shownYear % 10, 1);
    case 'IYYY':
      return padded(isoYear(), 4);
    case 'IYY':
      return padded(isoYear() % 1000, 3);
    case 'IY':
      return padded(isoYear() % 100, 2);
    case 'I':
      return padded(isoYear() % 10, 1);
    case 'MONTH':
      return m.month === 0 ? '' : word(cased(months[m.month - 1]!, spelledWord(spelled)), 9);
    case 'MON':
      return m.month === 0 ? '' : cased(months[m.month - 1]!.slice(0, 3), spelledWord(spelled));
    case 'MM':
      return padded(m.month, 2);
    case 'RM': {
      const roman = m.month === 0 ? '' : romanMonths[m.month - 1]!;
      return word(spelled === 'rm' ? roman.toLowerCase() : roman, 4);
    }
    case 'DAY':
      return word(cased(weekdays[part('dow')]!, spelledWord(spelled)), 9);
    case 'DY':
      return cased(weekdays[part('dow')]!.slice(0, 3), spelledWord(spelled));
    case 'DDD':
      return padded(m.days === undefined ? (m.year * 12 + m.month) * 30 + m.day : part('doy'), 3);
    case 'IDDD':
      return padded((part('week') - 1) * 7 + part('isodow'), 3);
    case 'DD':
      return padded(m.day, 2);
    case 'D':
      return String(part('dow') + 1);
    case 'ID':
      return String(part('isodow'));
    case 'WW':
      return padded(Math.floor((part('doy') - 1) / 7) + 1, 2);
    case 'W':
      return String(Math.floor((m.day - 1) / 7) + 1);
    case 'IW':
      return padded(part('week'), 2);
    case 'CC':
      return padded(m.days === undefined ? Math.trunc(m.year / 100) : part('century'), 2);
    case 'J':
      return String(part('julian'));
    case 'Q':
      return m.month === 0 ? '' : String(Math.floor((m.month - 1) / 3) + 1);
    case 'TZ':
      return m.zoned ? cased('UTC', spelled === 'tz' ? 'x' : 'X') : '';
    case 'TZH':
      return '+00';
    case 'TZM':
      return '00';
    default:
      return '+00';
  }
}

const spelledWord = (spelled: string): string =>
  spelled[1] === spelled[1]!.toLowerCase() && spelled[0] !== spelled[0]!.toLowerCase() ? 'Xx' : spelled;

const numberToken = /9|0|\.|,|PR|SG|S|MI|PL|TH|th|D|G|L|FM|RN|rn|V|EEEE|eeee|"(?:[^"\\]|\\.)*"|[\s\S]/gy;
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

function formatRoman(value: NumericValue, fill: boolean, lower: boolean): string {
  const n = Number(roundNumeric(value).unscaled);
  let rest = n;
  let text = '';
  if (n < 1 || n > 3999) text = '#'.repeat(15);
  else for (const [size, letters] of roman) for (; rest >= size; rest -= size) text += letters;
  if (lower) text = text.toLowerCase();
  return fill ? text : text.padStart(15);
}

function formatScientific(value: NumericValue, whole: number, decimals: number): string {
  // As PostgreSQL shows NaN and infinities.
  if (!Number.isFinite(numericToFloat(value))) return ` ${'#'.repeat(whole)}.${'#'.repeat(decimals + 4)}`;
  const [mantissa, exponent] = numericToFloat(value).toExponential(decimals).split('e') as [string, string];
  const sign = exponent[0] === '-' ? '-' : '+';
  return `${mantissa.startsWith('-') ? '' : ' '}${mantissa}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

/** A float as C's printf rounds it: of its exact binary value, ties to even, within the digits that the type can tell. */
export function floatToFormat(x: number, width: 6 | 15, template: string): NumericValue {
  if (!Number.isFinite(x) || Math.abs(x) >= 1e21) return floatToNumeric(x, width);
  if (/EEEE/i.test(template)) return floatToNumeric(x, 15);
  const post = /[.D]([^.D]*)$/i.exec(template)?.[1]?.replace(/[^90]/g, '').length ?? 0;
  const whole = Math.trunc(Math.abs(x)).toString().length;
  const places = Math.max(0, Math.min(post, width - whole));
  const [integer, fraction = ''] = Math.abs(x).toFixed(100).split('.') as [string, string];
  const kept = BigInt(integer + fraction.slice(0, places));
  const rest = fraction.slice(places).replace(/0+$/, '');
  const up = rest > '5' || (rest === '5' && kept % 2n === 1n);
  const unscaled = kept + (up ? 1n : 0n);
  return { unscaled: x < 0 ? -unscaled : unscaled, scale: places };
}

export function formatNumber(given: NumericValue, template: string): string {
  if (template === '') return '';
  const tokens = template.match(numberToken) ?? [];
  const upper = tokens.map((t) => (t.length > 1 && t[0] !== '"' && t !== 'th' && t !== 'rn' ? t.toUpperCase() : t));
  const has = (t: string) => upper.includes(t);
  const fill = has('FM');
  if (has('RN') || has('rn')) return formatRoman(given, fill, has('rn'));
  const point = upper.findIndex((t) => t === '.' || t === 'D' || t === 'V');
  const isDigit = (t: string) => t === '9' || t === '0';
  const pre = upper.slice(0, point < 0 ? undefined : point).filter(isDigit).length;
  const post = point < 0 ? 0 : upper.slice(point).filter(isDigit).length;
  if (has('EEEE')) return formatScientific(given, pre, post);
  const scaled = has('V') ? { unscaled: given.unscaled * 10n ** BigInt(post), scale: given.scale } : given;
  const rounded = roundNumeric(scaled, has('V') ? 0 : post);
  const negative = rounded.unscaled < 0n;
  const all = absBigInt(rounded.unscaled)
    .toString()
    .padStart(rounded.scale + 1, '0');
  const whole = all.slice(0, all.length - rounded.scale);
  const fraction = all.slice(all.length - rounded.scale);
  const places = has('V') ? pre + post : pre;
  const overflow = whole.length > places && whole !== '0';
  const digits = whole === '0' && post > 0 && !has('V') ? '' : whole;
  const firstZero = upper
    .slice(0, point < 0 || has('V') ? undefined : point)
    .filter(isDigit)
    .indexOf('0');
  const lastZero = point < 0 ? -1 : upper.slice(point).filter(isDigit).lastIndexOf('0');
  const kept = Math.max(fraction.replace(/0+$/, '').length, lastZero + 1);
  const signed = ['S', 'MI', 'SG', 'PR'].some(has);
  const cells: string[] = [];
  let place = 0;
  let after = 0;
  let started = false;
  let signAt = -1;
  let past = false;
  const begin = () => {
    if (!started) signAt = cells.length;
    started = true;
  };
  for (const token of upper) {
    switch (token) {
      case '9':
      case '0':
        if (past && !has('V')) {
          if (overflow) cells.push('#');
          else if (!fill || after < kept) cells.push(fraction[after] ?? '0');
          after++;
          break;
        }
        if (overflow) {
          begin();
          cells.push('#');
        } else {
          const digit = digits[digits.length - places + place];
          if (digit !== undefined) {
            begin();
            cells.push(digit);
          } else if (firstZero >= 0 && place >= firstZero) {
            begin();
            cells.push('0');
          } else if (!fill) cells.push(' ');
        }
        place++;
        break;
      case '.':
      case 'D':
        if (fill && digits === '' && kept === 0 && !started) {
          begin();
          cells.push('0');
        }
        begin();
        cells.push('.');
        past = true;
        break;
      case 'V':
        past = true;
        break;
      case ',':
      case 'G':
        if (started) cells.push(',');
        else if (!fill) cells.push(' ');
        break;
      case 'L':
        if (!fill) cells.push(' ');
        break;
      case 'MI':
        if (negative) cells.push('-');
        else if (!fill) cells.push(' ');
        break;
      case 'PL':
        if (!negative) cells.push('+');
        else if (!fill) cells.push(' ');
        break;
      case 'SG':
        cells.push(negative ? '-' : '+');
        break;
      case 'TH':
      case 'th':
        if (!negative && !past)
          cells.push(token === 'TH' ? ordinal(Number(whole)).toUpperCase() : ordinal(Number(whole)));
        break;
      case 'S':
      case 'PR':
      case 'FM':
        break;
      default:
        cells.push(token[0] === '"' ? token.slice(1, -1).replaceAll(/\\(.)/g, '$1') : token);
    }
  }
  if (signAt < 0) signAt = cells.length;
  if (has('S')) {
    const mark = negative ? '-' : '+';
    if (upper.lastIndexOf('S') > upper.findIndex(isDigit)) cells.push(mark);
    else cells.splice(signAt, 0, mark);
  } else if (has('PR')) {
    if (negative) {
      cells.splice(signAt, 0, '<');
      cells.push('>');
    } else if (!fill) {
      cells.splice(signAt, 0, ' ');
      cells.push(' ');
    }
  } else if (!signed) {
    if (negative) cells.splice(signAt, 0, '-');
    else if (!fill) cells.splice(signAt, 0, ' ');
  }
  return cells.join('');
}
