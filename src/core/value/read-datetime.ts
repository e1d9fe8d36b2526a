// Dates, times and timestamps from all the forms PostgreSQL reads: its rules for fields of uncertain meaning, in the session's order of day and month.
import { fail } from '../diagnostic.js';
import { currentStyle, type DateTimeStyle } from './date-time-style.js';
import {
  civilFromDays,
  dateInfinity,
  daysFromCivil,
  daysInMonth,
  microsPerDay,
  splitTimestamp,
  timestampInfinity,
} from './datetime.js';
import { splitFields } from './datetime-fields.js';
import { abbreviationOffset, isTimeZone, offsetAt, toLocal, toUniversal } from './time-zone.js';
import { printTimetz } from './timetz.js';

type TypeName = 'date' | 'time' | 'time with time zone' | 'timestamp' | 'timestamp with time zone';

/** Why a text is no date: its form (22007), or the value of a field (22008). */
class Unreadable extends Error {
  readonly kind: 'form' | 'field' | 'month' | 'zone' | 'unknown zone';
  readonly zone: string | undefined;
  constructor(kind: Unreadable['kind'], zone?: string) {
    super();
    this.kind = kind;
    this.zone = zone;
  }
}
const badForm = () => new Unreadable('form');
const badField = () => new Unreadable('field');

const months = 'january february march april may june july august september october november december'.split(' ');
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

type Word =
  | { readonly is: 'month'; readonly value: number }
  | { readonly is: 'weekday' | 'filler' | 'time marker' | 'summer time' }
  | { readonly is: 'half'; readonly value: 'am' | 'pm' }
  | { readonly is: 'era'; readonly value: 'ad' | 'bc' }
  | { readonly is: 'label'; readonly value: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'julian' }
  | {
      readonly is: 'moment';
      readonly value: 'now' | 'today' | 'tomorrow' | 'yesterday' | 'epoch' | 'infinity' | '-infinity' | 'allballs';
    };

const words = new Map<string, Word>();
for (const [i, name] of months.entries())
  for (const key of new Set([name, name.slice(0, 3)])) words.set(key, { is: 'month', value: i + 1 });
words.set('sept', { is: 'month', value: 9 });
for (const name of weekdays) for (const key of [name, name.slice(0, 3)]) words.set(key, { is: 'weekday' });
for (const key of ['tues', 'wednes', 'weds', 'thur', 'thurs']) words.set(key, { is: 'weekday' });
for (const half of ['am', 'pm'] as const) words.set(half, { is: 'half', value: half });
for (const era of ['ad', 'bc'] as const) words.set(era, { is: 'era', value: era });
for (const key of ['at', 'on']) words.set(key, { is: 'filler' });
words.set('t', { is: 'time marker' });
words.set('dst', { is: 'summer time' });
for (const [key, value] of [
  ['y', 'year'],
  ['m', 'month'],
  ['mm', 'minute'],
  ['d', 'day'],
  ['h', 'hour'],
  ['s', 'second'],
  ['j', 'julian'],
  ['jd', 'julian'],
  ['julian', 'julian'],
] as const)
  words.set(key, { is: 'label', value });
for (const value of ['now', 'today', 'tomorrow', 'yesterday', 'epoch', 'infinity', '-infinity', 'allballs'] as const)
  words.set(value, { is: 'moment', value });
words.set('+infinity', { is: 'moment', value: 'infinity' });

/** What the fields said so far. */
type Part = 'year' | 'month' | 'day' | 'dayOfYear' | 'hour' | 'minute' | 'second' | 'zone' | 'weekday' | 'era' | 'half';
const dateParts: readonly Part[] = ['year', 'month', 'day'];
const timeParts: readonly Part[] = ['hour', 'minute', 'second'];

class DateTimeReader {
  readonly #seen = new Set<Part>();
  readonly #style: DateTimeStyle;
  readonly #timeOnly: boolean;
  year = 0;
  month = 0;
  day = 0;
  #dayOfYear = 0;
  hour = 0;
  minute = 0;
  second = 0;
  micros = 0;
  #twoDigits = false;
  #julian = false;
  #textMonth = false;
  #beforeChrist = false;
  #half: 'am' | 'pm' | undefined;
  /** Seconds east of Greenwich, or a zone whose offset depends on the date. */
  zone: number | string | undefined;
  special: 'epoch' | 'infinity' | '-infinity' | undefined;

  constructor(style: DateTimeStyle, timeOnly: boolean) {
    this.#style = style;
    this.#timeOnly = timeOnly;
  }

  #has(parts: readonly Part[]): boolean {
    return parts.every((part) => this.#seen.has(part));
  }

  get hasDate(): boolean {
    return this.#has(dateParts);
  }

  get hasTime(): boolean {
    return this.#has(timeParts);
  }

  #mark(...parts: readonly Part[]): void {
    for (const part of parts) {
      if (this.#seen.has(part)) throw badForm();
      this.#seen.add(part);
    }
  }

  read(text: string): void {
    const fields = splitFields(text, (word) => words.has(word));
    if (!fields || fields.length === 0) throw badForm();
    let label: Extract<Word, { is: 'label' }>['value'] | 'time' | undefined;
    for (const [i, { kind, text: field }] of fields.entries()) {
      switch (kind) {
        case 'date':
          if (label === 'julian') {
            // A day number with a zone behind it.
            const cut = field.indexOf('-');
            this.#setJulian(field.slice(0, cut));
            this.#mark('hour', 'minute', 'second');
            this.#setOffset(field.slice(cut));
          } else if (
            label === 'time' ||
            this.#has(['month', 'day']) ||
            (this.#timeOnly && !this.#leadsWithDate(i, fields))
          )
            this.#timeOrZone(field, label === 'time');
          else this.#date(field);
          label = undefined;
          break;
        case 'time':
          if (label !== undefined && label !== 'time') throw badForm();
          label = undefined;
          this.#clock(field);
          break;
        case 'signed':
          this.#setOffset(field);
          break;
        case 'number':
          if (label !== undefined) this.#labelled(label, field);
          else this.#number(field);
          label = undefined;
          break;
        case 'text':
        case 'special': {
          const found = this.#word(field, fields[i + 1]?.kind);
          if (found) label = found;
        }
      }
    }
    this.#finish();
  }

  #leadsWithDate(i: number, fields: readonly { readonly kind: string }[]): boolean {
    return i === 0 && fields.length >= 2 && (fields.at(-1)!.kind === 'date' || fields[1]!.kind === 'time');
  }

  /** After a date: a zone's name, or a time without colons with its zone, `0405-08`. */
  #timeOrZone(field: string, afterMarker: boolean): void {
    if (!/^\d/.test(field) && !afterMarker) {
      this.#setZone(field);
      return;
    }
    const cut = field.indexOf('-');
    if (this.hasTime || cut < 0) throw badForm();
    this.#joined(field.slice(0, cut));
    this.#setOffset(field.slice(cut));
  }

  /** `2001-02-16`, `feb-16-2001`, `16.2.2001`, `2001.047`. */
  #date(field: string): void {
    const parts = field.match(/\d+|[a-z]+/gi) ?? [];
    if (!/[A-Za-z0-9]$/.test(field) && parts.length < 3) throw badForm();
    for (const part of parts) {
      if (!/^[a-z]/i.test(part)) continue;
      const word = words.get(part.toLowerCase());
      if (word?.is !== 'month') throw /^[A-Za-z]/.test(field) && isTimeZone(field) ? badForm() : badForm();
      this.#mark('month');
      this.month = word.value;
      this.#textMonth = true;
    }
    for (const part of parts) if (/^\d/.test(part)) this.#single(part);
    if (!this.hasDate) throw badForm();
  }

  #number(field: string): void {
    const point = field.indexOf('.');
    if (this.#timeOnly) {
      const whole = point < 0 ? field.length : point;
      if (whole >= 4) this.#joined(field);
      else if (this.hasDate || this.#seen.size > 0) this.#single(field);
      else throw badForm();
    } else if (point >= 0 && !this.#anyOf(dateParts)) this.#date(field);
    else if (point > 2) this.#joined(field);
    else if (field.length >= 6 && (!this.#anyOf(dateParts) || !this.#anyOf(timeParts))) this.#joined(field);
    else this.#single(field);
  }

  #anyOf(parts: readonly Part[]): boolean {
    return parts.some((part) => this.#seen.has(part));
  }

  /** Digits run together: `20010216`, `010216`, `040506.789`, `0405`. */
  #joined(field: string): void {
    const [whole, fraction] = field.split('.') as [string, string?];
    if (fraction === undefined && !this.hasDate && !this.#timeOnly && whole.length >= 6) {
      this.#mark('year', 'month', 'day');
      this.day = Number(whole.slice(-2));
      this.month = Number(whole.slice(-4, -2));
      this.year = Number(whole.slice(0, -4));
      this.#twoDigits = whole.length === 6;
      return;
    }
    if (this.hasTime || (whole.length !== 6 && whole.length !== 4)) throw badForm();
    this.#mark(...timeParts);
    this.hour = Number(whole.slice(0, 2));
    this.minute = Number(whole.slice(2, 4));
    this.second = Number(whole.slice(4) || 0);
    if (fraction) this.micros = Math.round(Number(`0.${fraction}`) * 1e6);
  }

  /** One number of a date, by what is known and the session's order. */
  #single(field: string): void {
    const [whole, fraction] = field.split('.') as [string, string?];
    const value = Number(whole || 0);
    if (fraction !== undefined) {
      if (whole.length > 2) {
        this.#joined(field);
        return;
      }
      this.micros = Math.round(Number(`0.${fraction || 0}`) * 1e6);
    }
    const [year, month, day] = dateParts.map((part) => this.#seen.has(part));
    const { order } = this.#style;
    if (field.length === 3 && year && !month && !day && value >= 1 && value <= 366) {
      this.#mark('dayOfYear', 'month', 'day');
      this.#dayOfYear = value;
      return;
    }
    const setYear = () => {
      this.#mark('year');
      this.year = value;
      this.#twoDigits = field.length <= 2;
    };
    const setMonth = () => {
      this.#mark('month');
      this.month = value;
    };
    const setDay = () => {
      this.#mark('day');
      this.day = value;
    };
    const long = field.length >= 3 || order === 'YMD';
    if (year && month && day) this.#joined(field);
    else if (!year && !month && !day) (long ? setYear : order === 'DMY' ? setDay : setMonth)();
    else if (year && !month && !day) setMonth();
    else if (month && !year && !day) (this.#textMonth && long ? setYear : setDay)();
    else if (year && month) {
      if (this.#textMonth && field.length >= 3 && this.#twoDigits) {
        // The number that was taken for a year is the day.
        this.#mark('day');
        this.day = this.year;
        this.year = value;
        this.#twoDigits = false;
      } else setDay();
    } else if (day && !year && !month) setMonth();
    else if (month && day) setYear();
    else throw badForm();
  }

  #clock(field: string): void {
    this.#mark(...timeParts);
    const match = /^(\d+):(\d+)(?::(\d+))?(?:\.(\d*))?$/.exec(field);
    if (!match) throw badForm();
    const [, first, second, third, fraction] = match;
    // `04:05.6` is minutes and seconds.
    const numbers = third === undefined && fraction !== undefined ? [0, first, second] : [first, second, third ?? 0];
    [this.hour, this.minute, this.second] = numbers.map(Number) as [number, number, number];
    if (fraction) this.micros = Math.round(Number(`0.${fraction}`) * 1e6);
    this.#checkTime();
  }

  #checkTime(): void {
    if (this.minute > 59 || this.second > 60) throw badField();
    const micros = ((this.hour * 60 + this.minute) * 60 + this.second) * 1e6 + this.micros;
    if (micros > 86_400e6) throw badField();
  }

  #labelled(label: string, field: string): void {
    const fractional = field.includes('.');
    if (fractional && label !== 'julian' && label !== 'time' && label !== 'second') throw badForm();
    const value = Math.trunc(Number(field));
    switch (label) {
      case 'year':
        this.#mark('year');
        this.year = value;
        break;
      case 'month':
        // A minute where month and hour are known.
        if (this.#has(['month', 'hour'])) {
          this.#mark('minute');
          this.minute = value;
        } else {
          this.#mark('month');
          this.month = value;
        }
        break;
      case 'day':
        this.#mark('day');
        this.day = value;
        break;
      case 'hour':
        this.#mark('hour');
        this.hour = value;
        break;
      case 'minute':
        this.#mark('minute');
        this.minute = value;
        break;
      case 'second':
        this.#mark('second');
        this.second = value;
        this.micros = Math.round((Number(field) - value) * 1e6);
        break;
      case 'julian':
        this.#setJulian(field);
        break;
      case 'time':
        this.#joined(field);
    }
  }

  #setJulian(field: string): void {
    const number = Number(field);
    if (!Number.isFinite(number)) throw badForm();
    this.#mark('year', 'month', 'day');
    const civil = civilFromDays(Math.floor(number) - 2_440_588);
    [this.year, this.month, this.day] = [civil.year, civil.month, civil.day];
    this.#julian = true;
    if (!field.includes('.')) return;
    this.#mark(...timeParts);
    this.#setTime(BigInt(Math.round((number % 1) * 86_400e6)));
  }

  #setTime(time: bigint): void {
    this.hour = Number(time / 3_600_000_000n);
    this.minute = Number((time / 60_000_000n) % 60n);
    this.second = Number((time / 1_000_000n) % 60n);
    this.micros = Number(time % 1_000_000n);
  }

  #setDays(days: number): void {
    const civil = civilFromDays(days);
    [this.year, this.month, this.day] = [civil.year, civil.month, civil.day];
    this.#julian = true;
  }

  /** `+5`, `-08:00`, `+0530`, `+05:30:15`. */
  #setOffset(field: string): void {
    this.#mark('zone');
    const match = /^([+-])(\d+)(?::(\d+))?(?::(\d+))?$/.exec(field);
    if (!match) throw badForm();
    let [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
    const seconds = Number(match[4] ?? 0);
    if (match[3] === undefined && field.length > 3) [hours, minutes] = [Math.floor(hours / 100), hours % 100];
    if (hours > 15 || minutes > 59 || seconds > 59) throw new Unreadable('zone');
    const offset = hours * 3600 + minutes * 60 + seconds;
    this.zone = match[1] === '-' ? 0 - offset : offset;
  }

  #setZone(name: string): void {
    if (!isTimeZone(name)) throw new Unreadable('unknown zone', name);
    this.#mark('zone');
    this.zone = name;
  }

  /** A word that says something about the next field gives its label. */
  #word(field: string, next: string | undefined): 'time' | Extract<Word, { is: 'label' }>['value'] | undefined {
    const lower = field.toLowerCase();
    const offset = lower === 'ist' || lower === 'mst' || !words.has(lower) ? abbreviationOffset(lower) : undefined;
    if (offset !== undefined) {
      this.#mark('zone');
      this.zone = offset;
      return undefined;
    }
    const word = words.get(lower);
    if (!word) {
      if (!isTimeZone(field)) throw badForm();
      this.#setZone(field);
      return undefined;
    }
    switch (word.is) {
      case 'month':
        if (
          this.#seen.has('month') &&
          !this.#textMonth &&
          !this.#seen.has('day') &&
          this.month >= 1 &&
          this.month <= 31
        ) {
          // The number that was taken for a month is the day.
          this.day = this.month;
          this.#mark('day');
        } else this.#mark('month');
        this.#textMonth = true;
        this.month = word.value;
        return undefined;
      case 'weekday':
        this.#mark('weekday');
        return undefined;
      case 'half':
        this.#mark('half');
        this.#half = word.value;
        return undefined;
      case 'era':
        this.#mark('era');
        this.#beforeChrist = word.value === 'bc';
        return undefined;
      case 'label':
        return word.value;
      case 'time marker':
        if (!this.#timeOnly && !this.hasDate) throw badForm();
        if (next !== 'number' && next !== 'time' && next !== 'date') throw badForm();
        return 'time';
      case 'summer time':
        if (typeof this.zone !== 'number') throw badForm();
        this.zone += 3600;
        return undefined;
      case 'moment':
        this.#moment(word.value);
        return undefined;
      case 'filler':
        return undefined;
    }
  }

  #moment(value: Extract<Word, { is: 'moment' }>['value']): void {
    const now = this.#style.now?.() ?? BigInt(Date.now()) * 1000n;
    const local = splitTimestamp(toLocal(this.#style.timeZone, now));
    switch (value) {
      case 'now':
        this.#mark(...dateParts, ...timeParts, 'zone');
        this.#setDays(local.days);
        this.#setTime(local.time);
        this.zone = this.#style.timeZone;
        return;
      case 'today':
      case 'tomorrow':
      case 'yesterday':
        this.#mark(...dateParts);
        this.#setDays(local.days + (value === 'today' ? 0 : value === 'tomorrow' ? 1 : -1));
        return;
      case 'allballs':
        this.#mark(...timeParts, 'zone');
        this.zone = 0;
        return;
      default:
        if (this.#timeOnly) throw badForm();
        this.#mark(...dateParts, ...timeParts, 'zone');
        this.special = value;
    }
  }

  #finish(): void {
    if (this.special !== undefined) return;
    if (this.#seen.has('year')) this.#fixYear();
    if (this.#seen.has('dayOfYear')) {
      const civil = civilFromDays(daysFromCivil(this.year, 1, 1) + this.#dayOfYear - 1);
      [this.month, this.day] = [civil.month, civil.day];
    }
    if (this.#seen.has('month') && (this.month < 1 || this.month > 12)) throw new Unreadable('month');
    if (this.#seen.has('day') && (this.day < 1 || this.day > 31)) throw new Unreadable('month');
    if (this.hasDate && this.day > daysInMonth(this.year, this.month)) throw badField();
    if (this.#half && this.hour > 12) throw badField();
    if (this.#half === 'am' && this.hour === 12) this.hour = 0;
    else if (this.#half === 'pm' && this.hour !== 12) this.hour += 12;
    this.#checkTime();
    if (this.#timeOnly) {
      if (!this.hasTime) throw badForm();
    } else if (!this.hasDate) throw badForm();
  }

  #fixYear(): void {
    if (this.#julian) return;
    if (this.#beforeChrist) {
      if (this.year <= 0) throw badField();
      this.year = 1 - this.year;
    } else if (this.#twoDigits) this.year += this.year < 70 ? 2000 : this.year < 100 ? 1900 : 0;
    else if (this.year <= 0) throw badField();
  }

  get days(): number {
    return daysFromCivil(this.year, this.month, this.day);
  }

  get time(): bigint {
    return BigInt((this.hour * 60 + this.minute) * 60 + this.second) * 1_000_000n + BigInt(this.micros);
  }
}

/** @throws DiagnosticError 22007, 22008, 22009; 22023 for a zone that is none */
function read(text: string, type: TypeName, style: DateTimeStyle): DateTimeReader {
  const reader = new DateTimeReader(style, type === 'time' || type === 'time with time zone');
  try {
    reader.read(text);
    return reader;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    switch (error.kind) {
      case 'form':
        throw fail('invalid_datetime_format', `invalid input syntax for type ${type}: "${text}"`);
      case 'field':
        throw fail('datetime_field_overflow', `date/time field value out of range: "${text}"`);
      case 'month':
        throw fail('datetime_field_overflow', `date/time field value out of range: "${text}"`, {
          hint: 'Perhaps you need a different "datestyle" setting.',
        });
      case 'zone':
        throw fail('invalid_time_zone_displacement_value', `time zone displacement out of range: "${text}"`);
      case 'unknown zone':
        throw fail('invalid_parameter_value', `time zone "${error.zone}" not recognized`);
    }
  }
}

/** Days since 1970 of the first and the day after the last date. */
export const [firstDay, endDay] = [-2_440_588, daysFromCivil(5_874_898, 1, 1)];
/** The last instant is that of 64 bits from 1970, where PostgreSQL counts from 2000. */
export const [firstInstant, endInstant] = [-210_866_803_200_000_000n, timestampInfinity];

export function parseDate(text: string, style: DateTimeStyle = currentStyle()): number {
  const found = read(text, 'date', style);
  if (found.special === 'epoch') return 0;
  if (found.special) return found.special === 'infinity' ? dateInfinity : -dateInfinity;
  const { days } = found;
  if (days < firstDay || days >= endDay) throw fail('datetime_field_overflow', `date out of range: "${text}"`);
  return days;
}

export function parseTime(text: string, style: DateTimeStyle = currentStyle()): bigint {
  const found = read(text, 'time', style);
  // The zone of a time on an unknown day must be a fixed one.
  if (typeof found.zone === 'string' && !found.hasDate && !/^(?:utc|gmt)$/i.test(found.zone))
    throw fail('invalid_datetime_format', `invalid input syntax for type time: "${text}"`);
  return found.time;
}

/** The zone is the session's, as it is now, where there is none. */
export function parseTimetz(text: string, style: DateTimeStyle = currentStyle()): string {
  const found = read(text, 'time with time zone', style);
  const zone = found.zone ?? style.timeZone;
  if (typeof zone === 'number') return printTimetz({ time: found.time, offset: zone });
  const now = style.now?.() ?? BigInt(Date.now()) * 1000n;
  const fixed = found.zone === undefined || /^(?:utc|gmt)$/i.test(zone);
  if (!fixed && !found.hasDate)
    throw fail('invalid_datetime_format', `invalid input syntax for type time with time zone: "${text}"`);
  const instant = found.hasDate ? toUniversal(zone, BigInt(found.days) * microsPerDay + found.time) : now;
  return printTimetz({ time: found.time, offset: offsetAt(zone, instant) });
}

/** Without `zoned` a zone is read and ignored, as PostgreSQL does; with it, the session's is taken where there is none. */
export function parseTimestamp(text: string, zoned: boolean, style: DateTimeStyle = currentStyle()): bigint {
  const found = read(text, zoned ? 'timestamp with time zone' : 'timestamp', style);
  if (found.special === 'epoch') return 0n;
  if (found.special) return found.special === 'infinity' ? timestampInfinity : -timestampInfinity;
  const local = BigInt(found.days) * microsPerDay + found.time;
  const zone = found.zone ?? style.timeZone;
  const instant = !zoned
    ? local
    : typeof zone === 'number'
      ? local - BigInt(zone) * 1_000_000n
      : toUniversal(zone, local);
  if (instant < firstInstant || instant >= endInstant)
    throw fail('datetime_field_overflow', `timestamp out of range: "${text}"`);
  return instant;
}
