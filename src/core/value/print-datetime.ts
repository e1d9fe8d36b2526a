// Dates, times and intervals as text, in PostgreSQL's styles of output.
import type { IntervalValue } from '../registry/overload.js';
import { currentStyle, type DateTimeStyle } from './date-time-style.js';
import { civilFromDays, dateInfinity, splitTimestamp, timestampInfinity } from './datetime.js';
import { offsetAt, zoneAbbreviation } from './time-zone.js';

const pad = (n: number | bigint, width = 2) => String(n).padStart(width, '0');
export const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** Day and month in the session's order, and the year, which counts from 1 in either era. */
function dateParts(days: number) {
  const { year, month, day } = civilFromDays(days);
  return { year: pad(year > 0 ? year : 1 - year, 4), month, day: pad(day), era: year > 0 ? '' : ' BC' };
}

function dateText(days: number, { output, order }: DateTimeStyle): readonly [date: string, era: string] {
  const { year, month, day, era } = dateParts(days);
  const ordered = (separator: string) =>
    (order === 'DMY' ? [day, pad(month), year] : [pad(month), day, year]).join(separator);
  switch (output) {
    case 'ISO':
      return [`${year}-${pad(month)}-${day}`, era];
    case 'SQL':
      return [ordered('/'), era];
    case 'German':
      return [`${day}.${pad(month)}.${year}`, era];
    case 'Postgres':
      return [ordered('-'), era];
  }
}

export function printDate(days: number, style: DateTimeStyle = currentStyle()): string {
  if (Math.abs(days) >= dateInfinity) return days > 0 ? 'infinity' : '-infinity';
  return dateText(days, style).join('');
}

export function printTime(micros: bigint): string {
  const fraction = micros % 1_000_000n;
  const seconds = micros / 1_000_000n;
  const clock = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  return fraction === 0n ? clock : `${clock}.${pad(fraction, 6).replace(/0+$/, '')}`;
}

/** `+05:30`: minutes and seconds only where there are any. */
export function printOffset(seconds: number): string {
  const size = Math.abs(seconds);
  const clock = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const shown = clock[2] !== 0 ? clock : clock[1] !== 0 ? clock.slice(0, 2) : clock.slice(0, 1);
  return `${seconds < 0 ? '-' : '+'}${shown.map((n) => pad(n!)).join(':')}`;
}

export function printTimestamp(micros: bigint, zoned: boolean, style: DateTimeStyle = currentStyle()): string {
  if (micros >= timestampInfinity) return 'infinity';
  if (micros <= -timestampInfinity) return '-infinity';
  const offset = zoned ? offsetAt(style.timeZone, micros) : 0;
  const { days, time } = splitTimestamp(micros + BigInt(offset) * 1_000_000n);
  const iso = style.output === 'ISO';
  const zone = !zoned ? '' : iso ? printOffset(offset) : ` ${zoneAbbreviation(style.timeZone, micros)}`;
  if (style.output === 'Postgres') {
    const { year, month, day, era } = dateParts(days);
    const weekday = dayNames[(((days + 4) % 7) + 7) % 7];
    const name = monthNames[month - 1];
    const date = style.order === 'DMY' ? `${day} ${name}` : `${name} ${day}`;
    return `${weekday} ${date} ${printTime(time)} ${year}${zone}${era}`;
  }
  const [date, era] = dateText(days, style);
  return `${date} ${printTime(time)}${zone}${era}`;
}

/** The parts of an interval's time, all with its sign. */
function clockOf(micros: bigint) {
  const part = (unit: bigint, most?: bigint) => {
    const whole = micros / unit;
    return Number(most === undefined ? whole : whole % most);
  };
  return {
    hour: part(3_600_000_000n),
    minute: part(60_000_000n, 60n),
    second: part(1_000_000n, 60n),
    fraction: part(1n, 1_000_000n),
  };
}

/** Seconds with their fraction, without a sign. */
function secondsText(second: number, fraction: number, padded: boolean): string {
  const whole = padded ? pad(Math.abs(second)) : String(Math.abs(second));
  return fraction === 0 ? whole : `${whole}.${pad(Math.abs(fraction), 6).replace(/0+$/, '')}`;
}

export function printInterval(interval: IntervalValue, { intervals }: DateTimeStyle = currentStyle()): string {
  switch (intervals) {
    case 'postgres':
      return plainInterval(interval);
    case 'postgres_verbose':
      return verboseInterval(interval);
    case 'sql_standard':
      return standardInterval(interval);
    case 'iso_8601':
      return isoInterval(interval);
  }
}

function plainInterval({ months, days, micros }: IntervalValue): string {
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

/** `@ 1 day 2 hours ago`: the first sign holds for all, the others are relative to it. */
function verboseInterval({ months, days, micros }: IntervalValue): string {
  const { hour, minute, second, fraction } = clockOf(micros);
  let text = '@';
  let zero = true;
  let before = false;
  const field = (n: number, unit: string) => {
    if (n === 0) return;
    if (zero) before = n < 0;
    const shown = zero ? Math.abs(n) : before ? -n : n;
    text += ` ${shown} ${unit}${shown === 1 ? '' : 's'}`;
    zero = false;
  };
  field(Math.trunc(months / 12), 'year');
  field(months % 12, 'mon');
  field(days, 'day');
  field(hour, 'hour');
  field(minute, 'min');
  if (second !== 0 || fraction !== 0) {
    const negative = second < 0 || fraction < 0;
    if (zero) before = negative;
    const sign = !zero && negative !== before ? '-' : '';
    text += ` ${sign}${secondsText(second, fraction, false)} sec${Math.abs(second) !== 1 || fraction !== 0 ? 's' : ''}`;
    zero = false;
  }
  return `${text}${zero ? ' 0' : ''}${before ? ' ago' : ''}`;
}

function standardInterval({ months, days, micros }: IntervalValue): string {
  const parts = [months, days, Number(micros)];
  const negative = parts.some((n) => n < 0);
  const positive = parts.some((n) => n > 0);
  if (!negative && !positive) return '0';
  const hasMonths = months !== 0;
  const hasTime = days !== 0 || micros !== 0n;
  const [year, month] = [Math.abs(Math.trunc(months / 12)), Math.abs(months % 12)];
  const { hour, minute, second, fraction } = clockOf(micros < 0n ? -micros : micros);
  const clock = `${hour}:${pad(minute)}:${secondsText(second, fraction, true)}`;
  // The standard knows neither mixed signs nor months beside days: all signs are shown then.
  if ((negative && positive) || (hasMonths && hasTime)) {
    const sign = (n: number | bigint) => (n < 0 ? '-' : '+');
    return `${sign(months)}${year}-${month} ${sign(days)}${Math.abs(days)} ${sign(micros)}${clock}`;
  }
  const sign = negative ? '-' : '';
  if (hasMonths) return `${sign}${year}-${month}`;
  return days !== 0 ? `${sign}${Math.abs(days)} ${clock}` : `${sign}${clock}`;
}

function isoInterval({ months, days, micros }: IntervalValue): string {
  if (months === 0 && days === 0 && micros === 0n) return 'PT0S';
  const { hour, minute, second, fraction } = clockOf(micros);
  const field = (n: number, unit: string) => (n === 0 ? '' : `${n}${unit}`);
  const date = field(Math.trunc(months / 12), 'Y') + field(months % 12, 'M') + field(days, 'D');
  if (micros === 0n) return `P${date}`;
  const sign = second < 0 || fraction < 0 ? '-' : '';
  const seconds = second === 0 && fraction === 0 ? '' : `${sign}${secondsText(second, fraction, false)}S`;
  return `P${date}T${field(hour, 'H')}${field(minute, 'M')}${seconds}`;
}
