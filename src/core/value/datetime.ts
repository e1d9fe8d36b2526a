// Dates, times, timestamps and intervals: PostgreSQL's text forms (ISO style) and the calendar beneath them.
import { fail } from '../diagnostic.js';
import type { IntervalValue } from '../registry/overload.js';

export const microsPerDay = 86_400_000_000n;
/** `infinity` of dates and timestamps, as Arrow and DuckDB carry it. */
export const dateInfinity = 2147483647;
export const timestampInfinity = 9223372036854775807n;

/** Days since 1970 of a proleptic Gregorian date (H. Hinnant, "chrono-compatible low-level date algorithms"). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilFromDays(days: number): CivilDate {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1,
  };
}

export function daysInMonth(year: number, month: number): number {
  return month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;
}

const pad = (n: number | bigint, width = 2) => String(n).padStart(width, '0');

export function printDate(days: number): string {
  if (Math.abs(days) >= dateInfinity) return days > 0 ? 'infinity' : '-infinity';
  const { year, month, day } = civilFromDays(days);
  return year > 0 ? `${pad(year, 4)}-${pad(month)}-${pad(day)}` : `${pad(1 - year, 4)}-${pad(month)}-${pad(day)} BC`;
}

export function printTime(micros: bigint): string {
  const fraction = micros % 1_000_000n;
  const seconds = micros / 1_000_000n;
  const clock = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  return fraction === 0n ? clock : `${clock}.${pad(fraction, 6).replace(/0+$/, '')}`;
}

/** Whole days, rounded down, and the microseconds into the day. */
export function splitTimestamp(micros: bigint): { days: number; time: bigint } {
  const time = ((micros % microsPerDay) + microsPerDay) % microsPerDay;
  return { days: Number((micros - time) / microsPerDay), time };
}

export function printTimestamp(micros: bigint, zoned: boolean): string {
  if (micros >= timestampInfinity) return 'infinity';
  if (micros <= -timestampInfinity) return '-infinity';
  const { days, time } = splitTimestamp(micros);
  const [date, era] = printDate(days).split(' ') as [string, string?];
  return `${date} ${printTime(time)}${zoned ? '+00' : ''}${era ? ` ${era}` : ''}`;
}

export function printInterval({ months, days, micros }: IntervalValue): string {
  const parts: string[] = [];
  let negative = false;
  const field = (n: number, unit: string) => {
    if (n === 0) return;
    parts.push(`${negative && n > 0 ? '+' : ''}${n} ${unit}${n === 1 ? '' : 's'}`);
    negative = n < 0;
  };
  field(Math.trunc(months / 12), 'year');
  field(months % 12, 'mon');
  field(days, 'day');
  if (micros !== 0n || parts.length === 0)
    parts.push(`${micros < 0n ? '-' : negative ? '+' : ''}${printTime(micros < 0n ? -micros : micros)}`);
  return parts.join(' ');
}

const syntax = (type: string, text: string) =>
  fail('invalid_datetime_format', `invalid input syntax for type ${type}: "${text}"`);
const outOfRange = (text: string) => fail('datetime_field_overflow', `date/time field value out of range: "${text}"`);

const dateForm = /^(\d{4,7})-(\d{1,2})-(\d{1,2})( bc)?$|^(\d{4})(\d{2})(\d{2})$/i;
const timeForm = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(am|pm)?$/i;
const zoneForm = /\s*(?:(z|utc|gmt)|([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?)$/i;

function parseDateOf(type: string, text: string, whole: string): number {
  const match = dateForm.exec(text);
  if (!match) throw syntax(type, whole);
  const year = Number(match[1] ?? match[5]);
  const month = Number(match[2] ?? match[6]);
  const day = Number(match[3] ?? match[7]);
  const civilYear = match[4] ? 1 - year : year;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(civilYear, month) || year === 0) throw outOfRange(whole);
  return daysFromCivil(civilYear, month, day);
}

export function parseDate(text: string): number {
  const trimmed = text.trim();
  switch (trimmed.toLowerCase()) {
    case 'infinity':
      return dateInfinity;
    case '-infinity':
      return -dateInfinity;
    case 'epoch':
      return 0;
  }
  return parseDateOf(
    'date',
    /^\d{4,7}-\d{1,2}-\d{1,2}[ T]\d/.test(trimmed) ? trimmed.split(/[ T]/)[0]! : trimmed,
    text,
  );
}

function parseClock(type: string, text: string, whole: string): bigint {
  const match = timeForm.exec(text);
  if (!match) throw syntax(type, whole);
  let hours = Number(match[1]);
  const half = match[5]?.toLowerCase();
  if (half && (hours < 1 || hours > 12)) throw outOfRange(whole);
  if (half) hours = (hours % 12) + (half === 'pm' ? 12 : 0);
  const minutes = Number(match[2]);
  const seconds = Number(match[3] ?? 0);
  const fraction = BigInt(Math.round(Number(`0.${match[4] ?? 0}`) * 1e6));
  const micros = BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000n + fraction;
  if (minutes > 59 || seconds > 60 || micros > microsPerDay) throw outOfRange(whole);
  return micros;
}

export function parseTime(text: string): bigint {
  return parseClock('time', text.trim(), text);
}

/** With `zoned`, a missing zone is UTC, which is the session's; without, a zone is read and ignored, as PostgreSQL does. */
export function parseTimestamp(text: string, zoned: boolean): bigint {
  const type = zoned ? 'timestamp with time zone' : 'timestamp';
  let rest = text.trim();
  switch (rest.toLowerCase()) {
    case 'infinity':
      return timestampInfinity;
    case '-infinity':
      return -timestampInfinity;
    case 'epoch':
      return 0n;
  }
  let era = '';
  if (/ bc$/i.test(rest)) {
    era = ' BC';
    rest = rest.slice(0, -3);
  }
  const split = /[ T]/i.exec(rest);
  if (!split) return BigInt(parseDateOf(type, rest + era, text)) * microsPerDay;
  let clock = rest.slice(split.index + 1).trim();
  let offset = 0n;
  const zone = zoneForm.exec(clock);
  if (zone) {
    clock = clock.slice(0, zone.index);
    const seconds = Number(zone[3] ?? 0) * 3600 + Number(zone[4] ?? 0) * 60 + Number(zone[5] ?? 0);
    offset = BigInt(zone[2] === '-' ? -seconds : seconds) * 1_000_000n;
  }
  const local =
    BigInt(parseDateOf(type, rest.slice(0, split.index) + era, text)) * microsPerDay + parseClock(type, clock, text);
  return zoned ? local - offset : local;
}

const unitMonths: Record<string, number> = {
  mon: 1,
  month: 1,
  year: 12,
  yr: 12,
  y: 12,
  decade: 120,
  century: 1200,
  centurie: 1200,
  c: 1200,
  millennium: 12000,
  millennia: 12000,
};
const unitDays: Record<string, number> = { day: 1, d: 1, week: 7, w: 7 };
const unitMicros: Record<string, number> = {
  hour: 3.6e9,
  hr: 3.6e9,
  h: 3.6e9,
  minute: 6e7,
  min: 6e7,
  m: 6e7,
  second: 1e6,
  sec: 1e6,
  s: 1e6,
  millisecond: 1e3,
  msec: 1e3,
  ms: 1e3,
  microsecond: 1,
  usec: 1,
  us: 1,
};

export function parseInterval(text: string): IntervalValue {
  let rest = text.trim().toLowerCase();
  if (rest === '') throw syntax('interval', text);
  const ago = rest.endsWith(' ago');
  if (ago) rest = rest.slice(0, -4);
  rest = rest.replace(/^@\s*/, '');
  let months = 0;
  let days = 0;
  let micros = 0;
  const add = (amount: number, unit: string) => {
    const name = unit in unitMonths || unit in unitDays || unit in unitMicros ? unit : unit.replace(/s$/, '');
    if (name in unitMonths) {
      const whole = amount * unitMonths[name]!;
      months += Math.trunc(whole);
      addDays((whole - Math.trunc(whole)) * 30);
    } else if (name in unitDays) addDays(amount * unitDays[name]!);
    else if (name in unitMicros) micros += Math.round(amount * unitMicros[name]!);
    else throw syntax('interval', text);
  };
  const addDays = (amount: number) => {
    days += Math.trunc(amount);
    micros += Math.round((amount - Math.trunc(amount)) * 86_400e6);
  };
  const iso =
    /^(-?)p(?:(-?[\d.]+)y)?(?:(-?[\d.]+)m)?(?:(-?[\d.]+)w)?(?:(-?[\d.]+)d)?(?:t(?:(-?[\d.]+)h)?(?:(-?[\d.]+)m)?(?:(-?[\d.]+)s)?)?$/.exec(
      rest,
    );
  if (iso) {
    for (const [i, unit] of ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'].entries())
      if (iso[i + 2] !== undefined) add(Number(iso[i + 2]), unit);
  } else {
    const token = /\s*(?:([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?|([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]+)?)\s*/y;
    while (token.lastIndex < rest.length) {
      const match = token.exec(rest);
      if (!match) throw syntax('interval', text);
      if (match[2] !== undefined) {
        const clock = Number(match[2]) * 3.6e9 + Number(match[3]) * 6e7 + Math.round(Number(match[4] ?? 0) * 1e6);
        micros += match[1] === '-' ? -clock : clock;
      } else add(Number(match[5]), match[6] ?? 'second');
    }
  }
  const sign = ago || iso?.[1] === '-' ? -1 : 1;
  return { months: sign * months + 0, days: sign * days + 0, micros: BigInt(sign * micros) };
}
