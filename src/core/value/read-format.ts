// `to_date`, `to_timestamp` and `to_number`: texts read by PostgreSQL's templates.
import { fail } from '../diagnostic.js';
import type { NumericValue } from '../registry/overload.js';
import { daysFromCivil, daysInMonth, microsPerDay } from './datetime.js';
import { parseNumeric } from './numeric.js';

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const token =
  /FM|TM|HH24|HH12|HH|MI|SSSSS|SSSS|SS|MS|US|AM|PM|A\.M\.|P\.M\.|Y,YYY|YYYY|YYY|YY|Y|BC|AD|MONTH|MON|MM|DAY|DY|DDD|DD|J|"(?:[^"\\]|\\.)*"|[\s\S]/giy;
const widths: Readonly<Record<string, number>> = {
  HH24: 2,
  HH12: 2,
  HH: 2,
  MI: 2,
  SS: 2,
  SSSS: 5,
  SSSSS: 5,
  MS: 3,
  US: 6,
  YYYY: 4,
  YYY: 3,
  YY: 2,
  Y: 1,
  MM: 2,
  DD: 2,
  DDD: 3,
  J: 7,
};

const invalid = (text: string, part: string) =>
  fail('invalid_datetime_format', `invalid value "${text}" for "${part}"`);
const outOfRange = (text: string) => fail('datetime_field_overflow', `date/time field value out of range: "${text}"`);

/** Years of fewer digits are those nearest to 2020. */
function fullYear(digits: string, year: number): number {
  if (digits.length >= 4) return year;
  if (digits.length === 3) return year < 520 ? year + 2000 : year + 1000;
  return digits.length === 2 || digits.length === 1 ? (year < 70 ? year + 2000 : year + 1900) : year;
}

/** Microseconds since 1970. */
export function readTime(text: string, template: string): bigint {
  const parts = (template.match(token) ?? []).filter((t) => !/^(FM|TM)$/i.test(t));
  let at = 0;
  const field: Record<string, number> = {};
  let pm: boolean | undefined;
  let bc = false;
  const blanks = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  for (const [i, part] of parts.entries()) {
    const key = part.toUpperCase();
    if (at >= text.length) break;
    if (key[0] === '"') {
      at += key.length - 2;
      continue;
    }
    if (key === 'MONTH' || key === 'MON') {
      blanks();
      const name = /^[a-z]+/i.exec(text.slice(at))?.[0] ?? '';
      const month = monthNames.indexOf(name.slice(0, 3).toLowerCase());
      if (month < 0) throw invalid(text.slice(at), part);
      field['MM'] = month + 1;
      at += key === 'MON' ? 3 : name.length;
    } else if (key === 'DAY' || key === 'DY') {
      blanks();
      at += /^[a-z]+/i.exec(text.slice(at))?.[0].length ?? 0;
    } else if (/^[AP]\.?M\.?$/.test(key)) {
      blanks();
      const half = /^([ap])\.?m\.?/i.exec(text.slice(at));
      if (!half) throw invalid(text.slice(at), part);
      pm = half[1]!.toLowerCase() === 'p';
      at += half[0].length;
    } else if (key === 'BC' || key === 'AD') {
      blanks();
      bc = /^b/i.test(text.slice(at));
      at += 2;
    } else if (key in widths || key === 'Y,YYY') {
      blanks();
      // Where no other number follows, all digits belong to this one.
      const next = parts[i + 1]?.toUpperCase();
      const adjacent = next !== undefined && next in widths;
      const width = key === 'Y,YYY' ? 9 : adjacent ? widths[key]! : 9;
      const digits = new RegExp(`^[+-]?\\d{1,${width}}`).exec(
        text.slice(at).replace(key === 'Y,YYY' ? ',' : '\0', ''),
      )?.[0];
      if (digits === undefined) throw invalid(text.slice(at, at + (widths[key] ?? 4)), part);
      at += digits.length + (key === 'Y,YYY' ? 1 : 0);
      const n = Number(digits);
      if (key === 'MS') field['US'] = Math.round(Number(`0.${digits}`) * 1e6);
      else if (key === 'US') field['US'] = Math.round(Number(`0.${digits}`) * 1e6);
      else if (key.startsWith('Y')) field['Y'] = key === 'Y,YYY' || key === 'YYYY' ? n : fullYear(digits, n);
      else field[key.startsWith('HH') ? key : key === 'SSSS' ? 'SSSSS' : key] = n;
    } else if (/[^a-z0-9]/i.test(key)) {
      // A separator stands for any, or for none.
      if (/[^a-z0-9+-]/i.test(text[at]!) || (text[at] === '-' && key === '-')) at++;
      else if (/[-+]/.test(text[at]!) && !/\s/.test(key)) at++;
    } else at++;
  }
  const half = field['HH12'] ?? field['HH'];
  let hour = field['HH24'] ?? half ?? 0;
  if (half !== undefined && field['HH24'] === undefined) {
    if (half < 1 || half > 12)
      throw fail('invalid_datetime_format', `hour "${half}" is invalid for the 12-hour clock`, {
        hint: 'Use the 24-hour clock, or give an hour between 1 and 12.',
      });
    if (pm !== undefined) hour = (half % 12) + (pm ? 12 : 0);
    else hour = half % 12 === 0 ? 0 : half;
  }
  const minute = field['MI'] ?? 0;
  const second = field['SS'] ?? 0;
  if (hour > 24 || minute > 59 || second > 60) throw outOfRange(text);
  const ofDay = field['SSSSS'] ?? hour * 3600 + minute * 60 + second;
  const clock = BigInt(ofDay) * 1_000_000n + BigInt(field['US'] ?? 0);
  if (field['J'] !== undefined) return BigInt(field['J'] - 2440588) * microsPerDay + clock;
  let year = field['Y'] ?? 0;
  if (bc) year = 1 - year;
  if (field['Y'] === undefined) year = 0;
  if (field['DDD'] !== undefined) {
    if (field['DDD'] < 1 || field['DDD'] > 366) throw outOfRange(text);
    return BigInt(daysFromCivil(year, 1, 1) + field['DDD'] - 1) * microsPerDay + clock;
  }
  const month = field['MM'] ?? 1;
  const day = field['DD'] ?? 1;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) throw outOfRange(text);
  return BigInt(daysFromCivil(year, month, day)) * microsPerDay + clock;
}

/** The number in a text, what the template calls separators and signs left out. */
export function readNumber(text: string, template: string): NumericValue {
  const negative = /-|<|\(/.test(text);
  const decimals = /[.D]([^.D]*)$/i.exec(template)?.[1]?.replace(/[^90]/g, '').length ?? 0;
  const digits = text.replace(/[^0-9.]/g, '');
  const [whole, fraction = ''] = digits.split('.') as [string, string?];
  const value =
    digits === ''
      ? undefined
      : parseNumeric(
          `${negative ? '-' : ''}${whole || '0'}${fraction && decimals > 0 ? `.${fraction.slice(0, decimals)}` : ''}`,
        );
  if (!value)
    throw fail('invalid_text_representation', `invalid input syntax for type numeric: "${text.trim() || ' '}"`);
  return value;
}
