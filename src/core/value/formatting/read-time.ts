// `to_timestamp` and `to_date`: the time that a text shows in the form of a template.
import { fail } from '../../diagnostic.js';
import { checkedTimestamp } from '../calendar.js';
import { currentStyle } from '../date-time-style.js';
import { civilFromDays, daysFromCivil, daysInMonth, microsPerDay } from '../datetime.js';
import { toUniversal } from '../time-zone.js';
import { type TimeField, type TimeNode, timeTemplate } from './time-template.js';

const months = 'january february march april may june july august september october november december'.split(' ');
const days = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const short = (names: readonly string[]) => names.map((name) => name.slice(0, 3));
/** From the longest on, so that `xi` is not `x`. */
const romanMonths = ['xii', 'xi', 'x', 'ix', 'viii', 'vii', 'vi', 'v', 'iv', 'iii', 'ii', 'i'];

/** What the fields said; 0 where none did, as in PostgreSQL, where a zero is no value. */
class Found {
  readonly values = new Map<string, number>();
  convention: TimeField['convention'];
  twelveHours = false;
  yearDigits = 0;
  zoneSign = 0;

  get(part: string): number {
    return this.values.get(part) ?? 0;
  }

  set(part: string, value: number, field: TimeField): void {
    const before = this.get(part);
    if (before !== 0 && before !== value)
      throw fail('invalid_datetime_format', `conflicting values for "${field.spelled}" field in formatting string`, {
        detail: 'This value contradicts a previous setting for the same field type.',
      });
    this.values.set(part, value);
  }
}

/** Two digits and their kin stand for the year nearest to 2020. */
function nearYear(year: number): number {
  if (year < 70) return year + 2000;
  if (year < 100) return year + 1900;
  if (year < 520) return year + 2000;
  return year < 1000 ? year + 1000 : year;
}

class TemplateReader {
  readonly #text: string;
  readonly #nodes: readonly TimeNode[];
  #at = 0;
  readonly found = new Found();

  constructor(text: string, nodes: readonly TimeNode[]) {
    this.#text = text;
    this.#nodes = nodes;
  }

  read(): Found {
    const text = this.#text;
    let fixed = false;
    // Blanks that were passed over and the template does not show.
    let extra = 0;
    const skip = () => {
      while (this.#at < text.length && /\s/.test(text[this.#at]!)) {
        this.#at++;
        extra++;
      }
    };
    for (const [i, node] of this.#nodes.entries()) {
      if (this.#at >= text.length) break;
      const isFixing = node.kind === 'field' && node.key === 'FX';
      if (!fixed && !isFixing && (node.kind === 'field' || i === 0)) skip();
      if (this.#at >= text.length && node.kind !== 'field') break;
      if (node.kind === 'space' || node.kind === 'separator') {
        if (fixed) this.#pass();
        else {
          extra--;
          if (/[\s!-/:-@[-`{-~]/.test(text[this.#at]!)) {
            this.#at++;
            extra++;
          }
        }
        continue;
      }
      if (node.kind !== 'field') {
        if (!fixed && extra > 0) extra--;
        else this.#pass();
        continue;
      }
      if (node.key === 'FX') fixed = true;
      else this.#field(node, this.#nodes[i + 1], extra);
      if (!fixed) {
        extra = 0;
        skip();
      }
    }
    return this.found;
  }

  #pass(): void {
    this.#at += String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 32).length;
  }

  #field(node: TimeField, next: TimeNode | undefined, extra: number): void {
    const { found } = this;
    if (node.convention) {
      if (found.convention && found.convention !== node.convention)
        throw fail('invalid_datetime_format', 'invalid combination of date conventions', {
          hint: 'Do not mix Gregorian and ISO week date conventions in a formatting template.',
        });
      found.convention = node.convention;
    }
    const number = (part: string | undefined, width = node.key.length): number => {
      const [value, length] = this.#integer(node, next, width);
      if (part !== undefined) found.set(part, value, node);
      if (node.ordinal) for (let i = 0; i < 2 && this.#at < this.#text.length; i++) this.#pass();
      return length;
    };
    const fraction = (part: string, width: number, digits: number) => {
      const length = number(undefined, width);
      const read = Number(this.#text.slice(this.#at - length, this.#at));
      found.set(part, read * 10 ** Math.max(0, digits - length), node);
    };
    switch (node.key) {
      case 'A.M.':
      case 'P.M.':
        found.set('pm', this.#name(['a.m.', 'p.m.'], node), node);
        found.twelveHours = true;
        return;
      case 'AM':
      case 'PM':
        found.set('pm', this.#name(['am', 'pm'], node), node);
        found.twelveHours = true;
        return;
      case 'A.D.':
      case 'B.C.':
        found.set('bc', this.#name(['a.d.', 'b.c.'], node), node);
        return;
      case 'AD':
      case 'BC':
        found.set('bc', this.#name(['ad', 'bc'], node), node);
        return;
      case 'HH':
      case 'HH12':
        number('hour', 2);
        found.twelveHours = true;
        return;
      case 'HH24':
        number('hour', 2);
        return;
      case 'MI':
        number('minute');
        return;
      case 'SS':
        number('second');
        return;
      case 'MS':
        fraction('millisecond', 3, 3);
        return;
      case 'US':
        fraction('microsecond', 6, 6);
        return;
      case 'SSSS':
      case 'SSSSS':
        number('ofDay');
        return;
      case 'TZ':
      case 'OF':
        throw fail('feature_not_supported', `formatting field "${node.spelled}" is only supported in to_char`);
      case 'TZH': {
        const sign = this.#text[this.#at]!;
        if (/[+\- ]/.test(sign)) this.#at++;
        const negative = sign === '-' || (!/[+ ]/.test(sign) && extra > 0 && this.#text[this.#at - 1] === '-');
        found.zoneSign = negative ? -1 : 1;
        number('zoneHour', 2);
        return;
      }
      case 'TZM':
        found.zoneSign ||= 1;
        number('zoneMinute', 2);
        return;
      case 'MONTH':
        found.set('month', this.#name(months, node) + 1, node);
        return;
      case 'MON':
        found.set('month', this.#name(short(months), node) + 1, node);
        return;
      case 'MM':
        number('month');
        return;
      case 'RM':
        found.set('month', 12 - this.#name(romanMonths, node), node);
        return;
      case 'DAY':
        found.set('weekday', this.#name(days, node) + 1, node);
        return;
      case 'DY':
        found.set('weekday', this.#name(short(days), node) + 1, node);
        return;
      case 'DDD':
        number('dayOfYear');
        return;
      case 'IDDD':
        number('dayOfYear', 3);
        return;
      case 'DD':
        number('day');
        return;
      case 'D':
        number('weekday');
        return;
      case 'ID':
        number('weekday', 1);
        // Sunday is 1 there.
        found.values.set('weekday', found.get('weekday') >= 7 ? 1 : found.get('weekday') + 1);
        return;
      case 'WW':
      case 'IW':
        number('week');
        return;
      case 'W':
        number('weekOfMonth');
        return;
      case 'Q':
        number(undefined);
        return;
      case 'CC':
        number('century');
        return;
      case 'J':
        number('julian');
        return;
      case 'Y,YYY': {
        const match = /^\s*([+-]?\d+),(\d{1,3})/.exec(this.#text.slice(this.#at));
        if (!match) throw fail('invalid_datetime_format', 'invalid input string for "Y,YYY"');
        found.set('year', Number(match[1]) * 1000 + Number(match[2]), node);
        found.yearDigits = 4;
        this.#at += match[0].length;
        return;
      }
      case 'YYYY':
      case 'IYYY':
        number('year');
        found.yearDigits = 4;
        return;
      case 'YYY':
      case 'IYY':
      case 'YY':
      case 'IY':
      case 'Y':
      case 'I': {
        const length = number(undefined);
        const read = Number(this.#text.slice(this.#at - length, this.#at));
        found.set('year', length < 4 ? nearYear(read) : read, node);
        found.yearDigits = node.key.length;
        return;
      }
      default:
        fraction('microsecond', Number(node.key[2]), 6);
    }
  }

  /** The number and how many characters it took. */
  #integer(node: TimeField, next: TimeNode | undefined, width: number): readonly [value: number, length: number] {
    const start = this.#at;
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
    const rest = this.#text.slice(this.#at);
    // Where no digit can follow, all digits belong to this field.
    const alone =
      node.bare ||
      node.ordinal !== undefined ||
      next === undefined ||
      (next.kind === 'field' ? !next.digits : !/^\d$/.test(next.text));
    let digits: string;
    if (alone) digits = /^[+-]?\d+/.exec(rest)?.[0] ?? '';
    else {
      const held = rest.slice(0, width);
      if (held.length < width)
        throw fail('invalid_datetime_format', `source string too short for "${node.spelled}" formatting field`, {
          detail: `Field requires ${width} characters, but only ${held.length} remain.`,
        });
      digits = /^[+-]?\d+/.exec(held)?.[0] ?? '';
      if (digits.length > 0 && digits.length < width)
        throw fail('invalid_datetime_format', `invalid value "${held}" for "${node.spelled}"`, {
          detail: `Field requires ${width} characters, but only ${digits.length} could be parsed.`,
        });
    }
    if (digits === '')
      throw fail('invalid_datetime_format', `invalid value "${rest.slice(0, width)}" for "${node.spelled}"`, {
        detail: 'Value must be an integer.',
      });
    this.#at += digits.length;
    const value = Number(digits);
    if (value < -2147483648 || value > 2147483647)
      throw fail('datetime_field_overflow', `value for "${node.spelled}" in source string is out of range`);
    return [value, this.#at - start];
  }

  #name(names: readonly string[], node: TimeField): number {
    const rest = this.#text.slice(this.#at).toLowerCase();
    const index = names.findIndex((name) => rest.startsWith(name));
    if (index < 0)
      throw fail(
        'invalid_datetime_format',
        `invalid value "${this.#text.slice(this.#at).split(/\s/)[0]}" for "${node.spelled}"`,
        { detail: 'The given value did not match any of the allowed values for this field.' },
      );
    this.#at += names[index]!.length;
    return index;
  }
}

interface ReadTime {
  readonly days: number;
  readonly time: bigint;
  /** Seconds east of Greenwich, where the text says so. */
  readonly offset?: number;
}

/** The day before the first of an ISO year. */
function beforeIsoYear(year: number): number {
  const fourth = daysFromCivil(year, 1, 4);
  return fourth - ((((fourth + 3) % 7) + 7) % 7) - 1;
}

function yearOf(found: Found): number | undefined {
  const bc = found.get('bc') === 1;
  const year = found.get('year');
  const century = bc ? -found.get('century') : found.get('century');
  if (year !== 0) {
    if (century !== 0 && found.yearDigits <= 2) {
      const low = year % 100;
      if (low !== 0) return century >= 0 ? low + (century - 1) * 100 : (century + 1) * 100 - low + 1;
      return century * 100 + (century >= 0 ? 0 : 1);
    }
    const signed = bc ? -year : year;
    return signed < 0 ? signed + 1 : signed;
  }
  if (century === 0) return undefined;
  return century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
}

function readTime(text: string, template: string): ReadTime {
  const found = new TemplateReader(text, timeTemplate(template)).read();
  const outOfRange = () => fail('datetime_field_overflow', `date/time field value out of range: "${text}"`);
  const ofDay = found.get('ofDay');
  let hour = found.get('hour') || Math.trunc(ofDay / 3600);
  const minute = found.get('minute') || Math.trunc(ofDay / 60) % 60;
  const second = found.get('second') || ofDay % 60;
  if (found.twelveHours) {
    if (hour < 1 || hour > 12)
      throw fail('invalid_datetime_format', `hour "${hour}" is invalid for the 12-hour clock`, {
        hint: 'Use the 24-hour clock, or give an hour between 1 and 12.',
      });
    hour = (hour % 12) + (found.get('pm') === 1 ? 12 : 0);
  }
  const givenYear = yearOf(found);
  let year = givenYear ?? 0;
  let [month, day] = [1, 1];
  const take = (date: number) => {
    ({ year, month, day } = civilFromDays(date));
  };
  if (found.get('julian') !== 0) take(found.get('julian') - 2_440_588);
  let dayOfYear = found.get('dayOfYear');
  const week = found.get('week');
  if (week !== 0 && found.convention === 'iso') {
    const weekday = found.get('weekday');
    take(beforeIsoYear(year) + 1 + (week - 1) * 7 + (weekday === 0 ? 0 : weekday > 1 ? weekday - 2 : 6));
  } else if (week !== 0) dayOfYear = (week - 1) * 7 + 1;
  const weekOfMonth = found.get('weekOfMonth');
  if (weekOfMonth !== 0) day = (weekOfMonth - 1) * 7 + 1;
  else if (found.get('day') !== 0) day = found.get('day');
  if (found.get('month') !== 0) month = found.get('month');
  if (dayOfYear !== 0 && (month <= 1 || day <= 1)) {
    if (year === 0 && found.get('bc') !== 1)
      throw fail('invalid_datetime_format', 'cannot calculate day of year without year information');
    if (found.convention === 'iso') take(beforeIsoYear(year) + dayOfYear);
    else {
      if (dayOfYear < 1 || dayOfYear > daysFromCivil(year + 1, 1, 1) - daysFromCivil(year, 1, 1)) throw outOfRange();
      const civil = civilFromDays(daysFromCivil(year, 1, 1) + dayOfYear - 1);
      if (month <= 1) month = civil.month;
      if (day <= 1) day = civil.day;
    }
  }
  if (month < 1 || month > 12 || day < 1 || day > 31) throw outOfRange();
  // Without a year a day is not looked at closely, as there.
  if (day > daysInMonth(year, month)) throw outOfRange();
  if (hour < 0 || hour >= 24 || minute < 0 || minute > 59 || second < 0 || second > 59) throw outOfRange();
  const micros = found.get('millisecond') * 1000 + found.get('microsecond');
  const zone = found.zoneSign * (found.get('zoneHour') * 3600 + found.get('zoneMinute') * 60);
  if (found.get('zoneHour') > 15 || found.get('zoneMinute') > 59) throw outOfRange();
  return {
    days: daysFromCivil(year, month, day),
    time: BigInt(hour * 3600 + minute * 60 + second) * 1_000_000n + BigInt(micros),
    ...(found.zoneSign !== 0 && { offset: zone }),
  };
}

/** In the session's zone where the text names none. */
export function readInstant(text: string, template: string): bigint {
  const { days: date, time, offset } = readTime(text, template);
  const local = BigInt(date) * microsPerDay + time;
  return checkedTimestamp(
    offset === undefined ? toUniversal(currentStyle().timeZone, local) : local - BigInt(offset) * 1_000_000n,
  );
}

export const readDate = (text: string, template: string): number => readTime(text, template).days;
