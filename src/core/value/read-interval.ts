// Intervals from all the forms PostgreSQL reads: with units, `1-2 3 04:05:06`, ISO 8601.
import { fail } from '../diagnostic.js';
import type { IntervalValue } from '../registry/overload.js';
import { currentStyle, type DateTimeStyle } from './date-time-style.js';
import { type Field, splitFields } from './datetime-fields.js';
import { type DateTimeUnit, dateTimeUnit } from './datetime-unit.js';

/** A quarter is part of a date, and no length of time. */
type Unit = Exclude<DateTimeUnit, 'quarter'>;

function unitOf(word: string): Unit | undefined {
  const unit = dateTimeUnit(word);
  return unit === 'quarter' ? undefined : unit;
}

const monthsOf: Partial<Record<Unit, number>> = { month: 1, year: 12, decade: 120, century: 1200, millennium: 12_000 };
const microsOf: Partial<Record<Unit, number>> = {
  microsecond: 1,
  millisecond: 1e3,
  second: 1e6,
  minute: 60e6,
  hour: 3600e6,
};

class Sum {
  /** Years and what is counted in them, in months. */
  years = 0;
  months = 0;
  days = 0;
  micros = 0n;

  /** Fractions of days become time, those of months days of which a month has 30, those of years whole months. */
  add(whole: bigint, fraction: number, unit: Unit): boolean {
    const months = monthsOf[unit];
    const micros = microsOf[unit];
    if (micros !== undefined) {
      this.micros += whole * BigInt(micros);
      this.#addMicros(fraction * micros);
    } else if (unit === 'day' || unit === 'week') {
      const days = unit === 'week' ? 7 : 1;
      this.days += Number(whole) * days;
      if (unit === 'week') this.#addDays(fraction * 7);
      else this.#addMicros(fraction * 86_400e6);
    } else if (unit === 'month') {
      this.months += Number(whole);
      this.#addDays(fraction * 30);
    } else if (months !== undefined) {
      this.years += Number(whole) * months;
      this.months += Math.round(fraction * months);
    } else return false;
    return true;
  }

  #addDays(days: number): void {
    const whole = Math.trunc(days);
    this.days += whole;
    this.#addMicros((days - whole) * 86_400e6);
  }

  #addMicros(micros: number): void {
    const whole = Math.trunc(micros);
    const rest = micros - whole;
    this.micros += BigInt(whole) + (rest > 0.5 ? 1n : rest < -0.5 ? -1n : 0n);
  }

  negate(): void {
    [this.years, this.months, this.days, this.micros] = [0 - this.years, 0 - this.months, 0 - this.days, -this.micros];
  }

  result(): IntervalValue | undefined {
    const { days, micros } = this;
    const months = this.years + this.months;
    const fits = Math.abs(months) <= 2147483647 && Math.abs(days) <= 2147483647;
    return fits && micros < 2n ** 63n && micros >= -(2n ** 63n)
      ? { months: months + 0, days: days + 0, micros }
      : undefined;
  }
}

/** The sum of the fields, or why it is none. @param rightmost what a number without a unit at the end counts, and whether `1:2` is minutes and seconds */
function sumOf(
  fields: readonly Field[],
  { intervals }: DateTimeStyle,
  rightmost: Unit,
  minutesToSeconds: boolean,
): Sum | 'form' | 'field' {
  const sum = new Sum();
  const seen = new Set<Unit | 'clock'>();
  let unit: Unit | undefined;
  let ago = false;
  for (let i = fields.length - 1; i >= 0; i--) {
    const { kind, text } = fields[i]!;
    if (kind === 'text' || kind === 'special') {
      const word = text.toLowerCase().slice(0, 10);
      if (word === 'ago') ago = true;
      else if (!unitOf(word)) return 'form';
      unit = unitOf(word);
      continue;
    }
    const clock = /^([+-]?)(\d+):(\d+)(?::(\d+))?(?:\.(\d*))?$/.exec(text);
    if (clock) {
      const [, sign, first, second, third, fraction] = clock;
      const short = third === undefined && (fraction !== undefined || minutesToSeconds);
      const [h, m, s] = short ? ['0', first!, second!] : [first!, second!, third ?? '0'];
      if (Number(m) > 59 || Number(s) > 60) return 'field';
      const micros = BigInt(Math.round(Number(`0.${fraction || 0}`) * 1e6));
      const time = (BigInt(h) * 3600n + BigInt(m) * 60n + BigInt(s)) * 1_000_000n + micros;
      sum.micros += sign === '-' ? -time : time;
      for (const part of ['hour', 'minute', 'second', 'millisecond', 'microsecond'] as const) {
        if (seen.has(part)) return 'form';
        seen.add(part);
      }
      unit = 'day';
      continue;
    }
    const number = /^([+-]?)(\d*)(?:\.(\d*)|-(\d+))?$/.exec(text);
    if (!number || text === '.') return 'form';
    const [, sign, digits, fraction, months] = number;
    unit ??= rightmost;
    let whole = BigInt(digits || 0);
    if (months !== undefined) {
      if (Number(months) > 11) return 'field';
      whole = whole * 12n + BigInt(months);
      unit = 'month';
    }
    const negative = sign === '-';
    const part = fraction ? Number(`0.${fraction}`) : 0;
    if (!sum.add(negative ? -whole : whole, negative ? -part : part, unit)) return 'form';
    const marks: readonly Unit[] = unit === 'second' && part !== 0 ? ['second', 'millisecond', 'microsecond'] : [unit];
    for (const mark of marks) {
      if (seen.has(mark)) return 'form';
      seen.add(mark);
    }
    // What stands before hours without a unit are days.
    if (unit === 'hour') unit = 'day';
  }
  if (seen.size === 0) return 'form';
  // The standard's leading sign holds for all fields that have none of their own.
  if (intervals === 'sql_standard' && fields[0]!.text.startsWith('-')) {
    const more = fields.slice(1).some(({ text }) => /^[+-]/.test(text));
    if (!more) {
      sum.years = -Math.abs(sum.years);
      sum.months = -Math.abs(sum.months);
      sum.days = -Math.abs(sum.days);
      if (sum.micros > 0n) sum.micros = -sum.micros;
    }
  }
  if (ago) sum.negate();
  return sum;
}

const isoUnits = {
  date: { Y: 'year', M: 'month', W: 'week', D: 'day' },
  time: { H: 'hour', M: 'minute', S: 'second' },
} as const;

/** `P1Y2M3DT4H5M6S`, `P0001-02-03T04:05:06`. */
function isoSum(text: string): Sum | 'form' {
  const sum = new Sum();
  let inTime = false;
  const number = (source: string): readonly [bigint, number] => {
    const [, sign, whole, fraction] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(source)!;
    const part = Number(`0.${fraction || 0}`);
    return sign === '-' ? [-BigInt(whole || 0), -part] : [BigInt(whole || 0), part];
  };
  const rest = text.slice(1);
  if (rest === '') return 'form';
  const token = /(T)|([+-]?(?:\d+\.?\d*|\.\d+))([YMWDHS])/y;
  while (token.lastIndex < rest.length) {
    const start = token.lastIndex;
    const match = token.exec(rest);
    if (!match) return start === 0 || rest[start - 1] === 'T' ? isoAlternative(sum, rest, start, inTime) : 'form';
    if (match[1]) {
      if (inTime) return 'form';
      inTime = true;
      if (token.lastIndex === rest.length) return 'form';
      continue;
    }
    const known = inTime ? isoUnits.time : isoUnits.date;
    const unit = (known as Readonly<Record<string, Unit>>)[match[3]!];
    if (!unit || !sum.add(...number(match[2]!), unit)) return 'form';
  }
  return sum;
}

/** The form with fields at fixed places. */
function isoAlternative(sum: Sum, rest: string, start: number, inTime: boolean): Sum | 'form' {
  const [date = '', time] = inTime ? ['', rest.slice(start)] : (rest.slice(start).split('T') as [string, string?]);
  if (date !== '') {
    const match = /^([+-]?\d+)-(\d+)-(\d+)$/.exec(date) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(date);
    if (!match) return 'form';
    for (const [i, unit] of (['year', 'month', 'day'] as const).entries()) sum.add(BigInt(match[i + 1]!), 0, unit);
  }
  if (time !== undefined) {
    const match = /^(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(time) ?? /^(\d{2})(\d{2})(\d{2})(?:\.(\d+))?$/.exec(time);
    if (!match) return 'form';
    const fraction = Number(`0.${match[4] ?? 0}`);
    for (const [i, unit] of (['hour', 'minute', 'second'] as const).entries())
      sum.add(BigInt(match[i + 1]!), unit === 'second' ? fraction : 0, unit);
  }
  return date === '' && time === undefined ? 'form' : sum;
}

/**
 * @param qualifier the fields of `interval '…' day to second`, `''` for none: what its last one is, a bare number counts
 * @throws DiagnosticError 22007, 22015
 */
export function parseInterval(text: string, style: DateTimeStyle = currentStyle(), qualifier = ''): IntervalValue {
  const last = qualifier.split(' to ').at(-1)!.trim();
  const fields = splitFields(text, (word) => unitOf(word) !== undefined);
  let sum: Sum | 'form' | 'field' =
    fields && fields.length > 0
      ? sumOf(fields, style, (last || 'second') as Unit, qualifier === 'minute to second')
      : 'form';
  if (sum === 'form' && /^P/.test(text.trim())) sum = isoSum(text.trim());
  if (sum === 'form') throw fail('invalid_datetime_format', `invalid input syntax for type interval: "${text}"`);
  const result = sum === 'field' ? undefined : sum.result();
  if (!result) throw fail('interval_field_overflow', `interval field value out of range: "${text}"`);
  return result;
}
