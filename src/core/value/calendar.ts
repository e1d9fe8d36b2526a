// Calendar arithmetic: what adding an interval, a field, a truncation and an age are.
import { fail } from '../diagnostic.js';
import type { IntervalValue, NumericValue, Value } from '../registry/overload.js';
import { type SqlType, types } from '../sql-type.js';
import { currentStyle } from './date-time-style.js';
import {
  civilFromDays,
  dateInfinity,
  daysFromCivil,
  daysInMonth,
  microsPerDay,
  splitTimestamp,
  timestampInfinity,
} from './datetime.js';
import { dateTimeUnit } from './datetime-unit.js';
import { addNumeric, divideNumeric, toNumeric } from './numeric.js';
import { offsetAt, toLocal, toUniversal } from './time-zone.js';
import { parseTimetzText, type Timetz } from './timetz.js';

const isInfinite = (micros: bigint): boolean => micros >= timestampInfinity || micros <= -timestampInfinity;

/** 4713 BC to 5874897 AD, as PostgreSQL's dates. */
function checkedDate(days: number): number {
  if (days >= -2_440_588 && days < 2_145_042_906) return days;
  throw fail('datetime_field_overflow', 'date out of range');
}

/** As PostgreSQL's to 294246 AD, where the microseconds since 1970 end. */
export function checkedTimestamp(micros: bigint): bigint {
  if (micros >= -210_866_803_200_000_000n && micros < timestampInfinity) return micros;
  throw fail('datetime_field_overflow', 'timestamp out of range');
}

/** A date moved by days. */
export const movedDate = (days: number, by: number): number =>
  Math.abs(days) >= dateInfinity ? days : checkedDate(days + by);

/** The timestamp at which a day begins. */
export function startOfDay(days: number): bigint {
  if (Math.abs(days) >= dateInfinity) return days > 0 ? timestampInfinity : -timestampInfinity;
  const micros = BigInt(days) * microsPerDay;
  if (micros > -timestampInfinity && micros < timestampInfinity) return micros;
  throw fail('datetime_field_overflow', 'date out of range for timestamp');
}

function checkedInterval(months: number, days: number, micros: bigint): IntervalValue {
  const isInt4 = (n: number): boolean => n >= -(2 ** 31) && n < 2 ** 31;
  if (!isInt4(months) || !isInt4(days) || BigInt.asIntN(64, micros) !== micros)
    throw fail('datetime_field_overflow', 'interval out of range');
  return { months: months + 0, days: days + 0, micros };
}

/** Months first, the day of the month kept as far as there is one; then days; then time. */
export function addInterval(micros: bigint, { months, days, micros: more }: IntervalValue): bigint {
  if (isInfinite(micros)) return micros;
  const { days: day, time } = splitTimestamp(micros);
  let moved = day;
  if (months !== 0) {
    const civil = civilFromDays(day);
    const month = civil.year * 12 + civil.month - 1 + months;
    const year = Math.floor(month / 12);
    const inYear = month - year * 12 + 1;
    moved = daysFromCivil(year, inYear, Math.min(civil.day, daysInMonth(year, inYear)));
  }
  return checkedTimestamp(BigInt(moved + days) * microsPerDay + time + more);
}

/** The same of an instant: months and days are those of the session's zone. */
export function addIntervalZoned(instant: bigint, { months, days, micros }: IntervalValue): bigint {
  if (isInfinite(instant)) return instant;
  if (months === 0 && days === 0) return checkedTimestamp(instant + micros);
  const { timeZone } = currentStyle();
  const moved = addInterval(toLocal(timeZone, instant), { months, days, micros: 0n });
  return checkedTimestamp(toUniversal(timeZone, moved) + micros);
}

export function sumIntervals(a: IntervalValue, b: IntervalValue): IntervalValue {
  return checkedInterval(a.months + b.months, a.days + b.days, a.micros + b.micros);
}

export const negatedInterval = ({ months, days, micros }: IntervalValue): IntervalValue =>
  checkedInterval(-months, -days, -micros);

/** Half to even, as C rounds. */
export function roundEven(x: number): number {
  const near = Math.round(x);
  return Math.abs(near - x) === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

const rounded6 = (x: number): number => roundEven(x * 1e6) / 1e6;

/** PostgreSQL's way: fractions of months spill into days of 30 to a month, fractions of days into time. */
function scaled({ months, days, micros }: IntervalValue, by: (part: number) => number): IntervalValue {
  const [exactMonths, exactDays] = [by(months), by(days)];
  const [wholeMonths, wholeDays] = [Math.trunc(exactMonths), Math.trunc(exactDays)];
  const spilled = rounded6((exactMonths - wholeMonths) * 30);
  let seconds = rounded6((exactDays - wholeDays + spilled - Math.trunc(spilled)) * 86_400);
  const more = Math.trunc(seconds / 86_400);
  seconds -= more * 86_400;
  const time = roundEven(by(Number(micros)) + seconds * 1e6);
  // NaN and infinities among them.
  if (![wholeMonths, wholeDays, time].every((n) => Number.isFinite(n)))
    throw fail('datetime_field_overflow', 'interval out of range');
  return checkedInterval(wholeMonths, wholeDays + Math.trunc(spilled) + more, BigInt(time));
}

export const scaleInterval = (i: IntervalValue, by: number): IntervalValue => scaled(i, (part) => part * by);

export function divideInterval(i: IntervalValue, by: number): IntervalValue {
  if (by === 0) throw fail('division_by_zero', 'division by zero');
  return scaled(i, (part) => part / by);
}

/** 30 days as a month, both of one sign. */
export function justifyDays({ months, days, micros }: IntervalValue): IntervalValue {
  const more = Math.trunc(days / 30);
  return sameSignMonths(months + more, days - more * 30, micros, false);
}

/** 24 hours as a day, both of one sign. */
export function justifyHours({ months, days, micros }: IntervalValue): IntervalValue {
  const more = micros / microsPerDay;
  return sameSignDays(months, days + Number(more), micros - more * microsPerDay);
}

/** Both, and all of one sign. */
export function justifyInterval({ months, days, micros }: IntervalValue): IntervalValue {
  const more = micros / microsPerDay;
  const allDays = days + Number(more);
  const moreMonths = Math.trunc(allDays / 30);
  const made = sameSignMonths(months + moreMonths, allDays - moreMonths * 30, micros - more * microsPerDay, true);
  return sameSignDays(made.months, made.days, made.micros);
}

function sameSignMonths(months: number, days: number, micros: bigint, byTime: boolean): IntervalValue {
  if (months > 0 && (days < 0 || (byTime && days === 0 && micros < 0n)))
    return checkedInterval(months - 1, days + 30, micros);
  if (months < 0 && (days > 0 || (byTime && days === 0 && micros > 0n)))
    return checkedInterval(months + 1, days - 30, micros);
  return checkedInterval(months, days, micros);
}

function sameSignDays(months: number, days: number, micros: bigint): IntervalValue {
  if (days > 0 && micros < 0n) return checkedInterval(months, days - 1, micros + microsPerDay);
  if (days < 0 && micros > 0n) return checkedInterval(months, days + 1, micros - microsPerDay);
  return checkedInterval(months, days, micros);
}

const whole = (n: number | bigint): NumericValue => ({ unscaled: BigInt(n), scale: 0 });
const seconds = (micros: bigint): NumericValue => ({ unscaled: micros, scale: 6 });

function timePart(field: string, time: bigint): NumericValue | undefined {
  switch (field) {
    case 'hour':
      return whole(time / 3_600_000_000n);
    case 'minute':
      return whole((time / 60_000_000n) % 60n);
    case 'second':
      return seconds(time % 60_000_000n);
    case 'millisecond':
      return { unscaled: time % 60_000_000n, scale: 3 };
    case 'microsecond':
      return whole(time % 60_000_000n);
  }
  return undefined;
}

/** ISO week and its year. */
function isoWeek(days: number): { week: number; year: number } {
  const weekday = (((days + 3) % 7) + 7) % 7;
  const { year } = civilFromDays(days - weekday + 3);
  return { week: Math.floor((days - weekday + 3 - daysFromCivil(year, 1, 1)) / 7) + 1, year };
}

function dayPart(field: string, days: number): NumericValue | undefined {
  const { year, month, day } = civilFromDays(days);
  const weekday = (((days + 4) % 7) + 7) % 7;
  switch (field) {
    case 'year':
      return whole(year > 0 ? year : year - 1);
    case 'month':
      return whole(month);
    case 'day':
      return whole(day);
    case 'quarter':
      return whole(Math.floor((month - 1) / 3) + 1);
    case 'decade':
      return whole(Math.floor(year / 10));
    case 'century':
      return whole(year > 0 ? Math.floor((year + 99) / 100) : -Math.floor((99 - (year - 1)) / 100));
    case 'millennium':
      return whole(year > 0 ? Math.floor((year + 999) / 1000) : -Math.floor((999 - (year - 1)) / 1000));
    case 'dow':
      return whole(weekday);
    case 'isodow':
      return whole(weekday === 0 ? 7 : weekday);
    case 'doy':
      return whole(days - daysFromCivil(year, 1, 1) + 1);
    case 'week':
      return whole(isoWeek(days).week);
    case 'isoyear':
      return whole(isoWeek(days).year > 0 ? isoWeek(days).year : isoWeek(days).year - 1);
    case 'julian':
      return whole(days + 2440588);
  }
  return undefined;
}

function intervalPart(field: string, { months, days, micros }: IntervalValue): NumericValue | undefined {
  switch (field) {
    case 'year':
      return whole(Math.trunc(months / 12));
    case 'month':
      return whole(months % 12);
    case 'day':
      return whole(days);
    case 'quarter':
      return whole(Math.trunc((months % 12) / 3) + 1);
    case 'hour':
      return whole(micros / 3_600_000_000n);
    case 'decade':
      return whole(Math.trunc(months / 120));
    case 'century':
      return whole(Math.trunc(months / 1200));
    case 'millennium':
      return whole(Math.trunc(months / 12_000));
    case 'epoch': {
      const years = BigInt(Math.trunc(months / 12));
      // A year counts 365.25 days, a month 30.
      const day = years * 31_557_600_000_000n + BigInt(months % 12) * 30n * microsPerDay + BigInt(days) * microsPerDay;
      return seconds(day + micros);
    }
  }
  return timePart(field, micros);
}

const unitOf = (field: string): string => {
  const lower = field.toLowerCase();
  return dateTimeUnit(lower) ?? lower;
};

const typeNames: Readonly<Record<string, string>> = {
  date: 'date',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  interval: 'interval',
};
const knownUnits = new Set([
  ...['microsecond', 'millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'decade'],
  ...['century', 'millennium', 'dow', 'isodow', 'doy', 'isoyear', 'julian', 'epoch', 'timezone', 'timezone_hour'],
  'timezone_minute',
]);

const unsupported = (field: string, type: SqlType) =>
  knownUnits.has(unitOf(field))
    ? fail('feature_not_supported', `unit "${field}" not supported for type ${typeNames[type.kind]}`)
    : fail('invalid_parameter_value', `unit "${field}" not recognized for type ${typeNames[type.kind]}`);

/** Fields that grow with the time are infinite where it is; others have no value. */
const monotonic = new Set(['year', 'decade', 'century', 'millennium', 'julian', 'isoyear', 'epoch']);

function timetzPart(unit: string, { time, offset }: Timetz): NumericValue | undefined {
  if (unit === 'epoch') return seconds(time - BigInt(offset) * 1_000_000n);
  return zonePart(unit, offset) ?? timePart(unit, time);
}

function zonePart(unit: string, offset: number): NumericValue | undefined {
  switch (unit) {
    case 'timezone':
      return whole(offset);
    case 'timezone_hour':
      return whole(Math.trunc(offset / 3600));
    case 'timezone_minute':
      return whole(Math.trunc(offset / 60) % 60);
  }
  return undefined;
}

/** With the fraction of the day. */
function julianDay(days: number, time: bigint): NumericValue {
  const day = toNumeric(days + 2_440_588);
  return time === 0n ? day : addNumeric(day, divideNumeric(toNumeric(time), toNumeric(microsPerDay)));
}

function instantPart(unit: string, micros: bigint, zoned: boolean): NumericValue | undefined {
  const zone = zoned ? zonePart(unit, offsetAt(currentStyle().timeZone, micros)) : undefined;
  if (zone) return zone;
  if (unit === 'epoch') return seconds(micros);
  const { days, time } = splitTimestamp(zoned ? toLocal(currentStyle().timeZone, micros) : micros);
  if (unit === 'julian') return julianDay(days, time);
  return timePart(unit, time) ?? dayPart(unit, days);
}

/**
 * A field of a value; `null` of an infinite one that has no such field.
 * @throws DiagnosticError invalid_parameter_value for a field that is none, feature_not_supported for one that the type has not
 */
export function datePart(field: string, value: Value, type: SqlType): NumericValue | null {
  const unit = unitOf(field);
  const isTime = type.kind === 'time';
  let part: NumericValue | undefined;
  if (type.kind === 'interval') part = intervalPart(unit, value as IntervalValue);
  else if (type.kind === 'timetz') part = timetzPart(unit, parseTimetzText(value as string));
  else if (isTime) part = unit === 'epoch' ? seconds(value as bigint) : timePart(unit, value as bigint);
  else {
    const ofDate = type.kind === 'date';
    const infinite = ofDate ? Math.abs(value as number) >= dateInfinity : isInfinite(value as bigint);
    const finite = infinite ? (ofDate ? 0 : 0n) : value;
    if (ofDate) part = unit === 'epoch' ? whole((finite as number) * 86400) : dayPart(unit, finite as number);
    else part = instantPart(unit, finite as bigint, type.kind === 'timestamptz');
    if (part && infinite) {
      const special = (value as number) > 0 ? 'Infinity' : '-Infinity';
      return monotonic.has(unit) ? { unscaled: 0n, scale: 0, special } : null;
    }
  }
  if (!part) throw unsupported(field, type);
  return part;
}

const timeUnits: Record<string, bigint> = {
  microsecond: 1n,
  millisecond: 1000n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
  day: microsPerDay,
};

export function truncateTimestamp(field: string, micros: bigint, type: SqlType = types.timestamp): bigint {
  const unit = unitOf(field);
  if (isInfinite(micros)) return micros;
  const { days, time } = splitTimestamp(micros);
  const small = timeUnits[unit];
  if (small !== undefined) return BigInt(days) * microsPerDay + (time / small) * small;
  const { year, month } = civilFromDays(days);
  const start = (y: number, m: number) => BigInt(daysFromCivil(y, m, 1)) * microsPerDay;
  switch (unit) {
    case 'week':
      return BigInt(days - ((((days + 3) % 7) + 7) % 7)) * microsPerDay;
    case 'month':
      return start(year, month);
    case 'quarter':
      return start(year, Math.floor((month - 1) / 3) * 3 + 1);
    case 'year':
      return start(year, 1);
    case 'decade':
      return start(Math.floor(year / 10) * 10, 1);
    case 'century':
      return start(Math.floor((year - 1) / 100) * 100 + 1, 1);
    case 'millennium':
      return start(Math.floor((year - 1) / 1000) * 1000 + 1, 1);
  }
  throw unsupported(field, type);
}

/** In the session's zone, or another. */
export function truncateZoned(field: string, instant: bigint, zone = currentStyle().timeZone): bigint {
  if (isInfinite(instant)) return instant;
  const local = toLocal(zone, instant);
  const cut = truncateTimestamp(field, local, types.timestamptz);
  // Where the clock shows an hour twice, it stays the same one.
  const offset = local - instant;
  return timeUnits[unitOf(field)] !== undefined && unitOf(field) !== 'day' ? cut - offset : toUniversal(zone, cut);
}

/** `age(later, earlier)`: whole months between, then days of the earlier month, then time. */
export function intervalBetween(later: bigint, earlier: bigint): IntervalValue {
  if (isInfinite(later) || isInfinite(earlier)) throw fail('datetime_field_overflow', 'timestamp out of range');
  if (later < earlier) {
    const { months, days, micros } = intervalBetween(earlier, later);
    return { months: 0 - months, days: 0 - days, micros: -micros };
  }
  const [a, b] = [splitTimestamp(later), splitTimestamp(earlier)];
  const [x, y] = [civilFromDays(a.days), civilFromDays(b.days)];
  let months = (x.year - y.year) * 12 + x.month - y.month;
  let days = x.day - y.day;
  let micros = a.time - b.time;
  if (micros < 0n) {
    micros += microsPerDay;
    days--;
  }
  if (days < 0) {
    days += daysInMonth(y.year, y.month);
    months--;
  }
  return { months, days, micros };
}
