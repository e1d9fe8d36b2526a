// `to_char` of times: PostgreSQL's templates.
import { fail } from '../../diagnostic.js';
import type { IntervalValue, Value } from '../../registry/overload.js';
import { type SqlType, types } from '../../sql-type.js';
import { datePart } from '../calendar.js';
import { currentStyle } from '../date-time-style.js';
import { civilFromDays, microsPerDay, splitTimestamp, timestampInfinity } from '../datetime.js';
import { absBigInt, numericToFloat } from '../numeric.js';
import { offsetAt, zoneAbbreviation } from '../time-zone.js';
import { timeTemplate } from './time-template.js';

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

/** PostgreSQL's day number of a date whose parts may be any numbers. */
function julianOf(year: number, month: number, day: number): number {
  const [y, m] = month > 2 ? [year + 4800, month + 1] : [year + 4799, month + 13];
  const century = Math.trunc(y / 100);
  const days = y * 365 - 32167 + Math.trunc(y / 4) - century + Math.trunc(century / 4);
  return days + Math.trunc((7834 * m) / 256) + day - 2_440_588;
}

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** Days since 1970; of an interval, of its parts taken for a date. */
  readonly days: number;
  readonly interval: boolean;
  /** Seconds east of Greenwich, and the zone's name at that time. */
  readonly offset: number;
  readonly zone: string;
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
      days: julianOf(Math.trunc(m / 12), m % 12, days),
      interval: true,
      offset: 0,
      zone: '',
    };
  }
  const { timeZone } = currentStyle();
  const isZoned = type.kind === 'timestamptz';
  const offset = isZoned ? offsetAt(timeZone, value as bigint) : 0;
  const { days, time } = splitTimestamp((value as bigint) + BigInt(offset) * 1_000_000n);
  const seconds = Number(time / 1_000_000n);
  return {
    ...civilFromDays(days),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micros: Number(time % 1_000_000n),
    days,
    interval: false,
    offset,
    zone: isZoned ? zoneAbbreviation(timeZone, value as bigint) : '',
  };
}

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

/** NULL of an empty template and of an infinite time. */
export function formatTime(value: Value, type: SqlType, template: string): string | null {
  if (template === '') return null;
  if (type.kind !== 'interval' && absBigInt(value as bigint) >= timestampInfinity) return null;
  const moment = momentOf(value, type);
  let out = '';
  for (const node of timeTemplate(template)) {
    if (node.kind !== 'field') {
      out += node.text;
      continue;
    }
    const field = timeField(node.spelled, moment, node.bare);
    out += field;
    if (node.ordinal && /^-?\d+$/.test(field))
      out += node.ordinal === 'TH' ? ordinal(Number(field)).toUpperCase() : ordinal(Number(field));
  }
  return out;
}

const noIntervals = new Set([
  ...['A.D.', 'AD', 'B.C.', 'BC', 'MONTH', 'MON', 'DAY', 'DY', 'D', 'ID', 'TZ', 'TZH', 'TZM', 'OF'],
]);

function timeField(spelled: string, m: Moment, bare: boolean): string {
  const padded = (n: number, width: number) => {
    if (bare) return String(n);
    return n < 0 ? `-${String(-n).padStart(width, '0')}` : String(n).padStart(width, '0');
  };
  const word = (text: string, width: number) => (bare ? text : text.padEnd(width));
  const key = spelled.toUpperCase();
  if (m.interval && noIntervals.has(key))
    throw fail('invalid_datetime_format', 'invalid format specification for an interval value', {
      hint: 'Intervals are not tied to specific calendar dates.',
    });
  const part = (field: string) =>
    Math.trunc(numericToFloat(datePart(field, BigInt(m.days) * microsPerDay, types.timestamp)!));
  const sign = m.offset < 0 ? '-' : '+';
  const dayOfYear = m.interval ? (m.year * 12 + m.month) * 30 + m.day : part('doy');
  const half = m.hour % 12 === 0 ? 12 : m.hour % 12;
  const shownYear = m.interval || m.year > 0 ? m.year : 1 - m.year;
  const isoYear = () => Math.abs(part('isoyear'));
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
      return cased(m.year <= 0 ? 'BC' : 'AD', spelled === spelled.toLowerCase() ? 'x' : 'X');
    case 'B.C.':
    case 'A.D.':
      return cased(m.year <= 0 ? 'B.C.' : 'A.D.', spelled === spelled.toLowerCase() ? 'x' : 'X');
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
      if (m.month === 0 && m.year === 0) return '';
      // Of an interval months count back from the year's end where they are negative; whole years are December, or January.
      const index = m.month > 0 ? m.month - 1 : m.month < 0 ? 12 + m.month : m.year >= 0 ? 11 : 0;
      const roman = romanMonths[index]!;
      return word(spelled === 'rm' ? roman.toLowerCase() : roman, 4);
    }
    case 'DAY':
      return word(cased(weekdays[part('dow')]!, spelledWord(spelled)), 9);
    case 'DY':
      return cased(weekdays[part('dow')]!.slice(0, 3), spelledWord(spelled));
    case 'DDD':
      return padded(dayOfYear, 3);
    case 'IDDD':
      return padded((part('week') - 1) * 7 + part('isodow'), 3);
    case 'DD':
      return bare || m.day >= 0 ? padded(m.day, 2) : String(m.day);
    case 'D':
      return String(part('dow') + 1);
    case 'ID':
      return String(part('isodow'));
    case 'WW':
      return padded(Math.trunc((dayOfYear - 1) / 7) + 1, 2);
    case 'W':
      return String(Math.floor((m.day - 1) / 7) + 1);
    case 'IW':
      return padded(part('week'), 2);
    case 'CC':
      return padded(m.interval ? Math.trunc(m.year / 100) : part('century'), 2);
    case 'J':
      return String(part('julian'));
    case 'Q':
      return m.month === 0 ? '' : String(Math.floor((m.month - 1) / 3) + 1);
    case 'TZ':
      return spelled === 'tz' ? m.zone.toLowerCase() : m.zone;
    case 'TZH':
      return `${sign}${pad2(Math.floor(Math.abs(m.offset) / 3600))}`;
    case 'TZM':
      return pad2(Math.floor(Math.abs(m.offset) / 60) % 60);
    case 'OF': {
      const hours = Math.floor(Math.abs(m.offset) / 3600);
      const minutes = Math.floor(Math.abs(m.offset) / 60) % 60;
      return `${sign}${bare ? hours : pad2(hours)}${minutes === 0 ? '' : `:${pad2(minutes)}`}`;
    }
    default:
      // FX, which is for reading.
      return '';
  }
}

const pad2 = (n: number): string => String(n).padStart(2, '0');

const spelledWord = (spelled: string): string =>
  spelled[1] === spelled[1]!.toLowerCase() && spelled[0] !== spelled[0]!.toLowerCase() ? 'Xx' : spelled;
