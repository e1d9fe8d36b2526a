// Dates and times of jsonpath's datetime(): read by ISO 8601 or by a template, compared, and printed.
import { type Condition, fail } from '../../diagnostic.js';
import { inIso } from '../date-time-style.js';
import { civilFromDays, daysFromCivil, daysInMonth, microsPerDay } from '../datetime.js';
import { printDate, printTime } from '../print-datetime.js';

type Kind = 'date' | 'time' | 'timetz' | 'timestamp' | 'timestamptz';

const typeNames: Readonly<Record<Kind, string>> = {
  date: 'date',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

export class JsonDatetime {
  constructor(
    readonly kind: Kind,
    /** Since 1970, or since midnight; of UTC where there is a zone. */
    readonly micros: bigint,
    /** Seconds east of UTC. */
    readonly offset: number,
  ) {}

  get typeName(): string {
    return typeNames[this.kind];
  }

  /** As JSON has it: `2024-01-02T03:04:05+01:00`. */
  print(): string {
    const local = this.micros + BigInt(this.offset) * 1_000_000n;
    const time = ((local % microsPerDay) + microsPerDay) % microsPerDay;
    const date = inIso(() => printDate(Number((local - time) / microsPerDay)));
    switch (this.kind) {
      case 'date':
        return date;
      case 'time':
        return printTime(local);
      case 'timetz':
        return printTime(time) + printOffset(this.offset);
      case 'timestamp':
        return `${date}T${printTime(time)}`;
      case 'timestamptz':
        return `${date}T${printTime(time)}${printOffset(this.offset)}`;
    }
  }
}

function printOffset(offset: number): string {
  const size = Math.abs(offset);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const seconds = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `${offset < 0 ? '-' : '+'}${two(size / 3600)}:${two((size % 3600) / 60)}${seconds}`;
}

const isDated = (kind: Kind): boolean => kind === 'date' || kind.startsWith('timestamp');
const isZoned = (kind: Kind): boolean => kind.endsWith('tz');

/**
 * Below, at or above 0; `undefined` where a date stands beside a time of day.
 * @throws DiagnosticError feature_not_supported where a zone would have to be supposed and `zoned` does not allow it
 */
export function compareJsonDatetimes(a: JsonDatetime, b: JsonDatetime, zoned: boolean): number | undefined {
  if (isDated(a.kind) !== isDated(b.kind)) return undefined;
  if (isZoned(a.kind) !== isZoned(b.kind) && !zoned) {
    const [from, to] = isZoned(a.kind) ? [b, a] : [a, b];
    throw fail(
      'feature_not_supported',
      `cannot convert value from ${from.kind} to ${to.kind} without time zone usage`,
      {
        hint: 'Use *_tz() function for time zone support.',
      },
    );
  }
  if (a.micros !== b.micros) return a.micros < b.micros ? -1 : 1;
  // Times of day at one instant stand by their zones, the most eastern one first.
  return a.kind === 'timetz' || b.kind === 'timetz' ? Math.sign(b.offset - a.offset) : 0;
}

const isoForm =
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:(^|[ T]+)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?(?:( \+?|[+-])(\d{1,2})(?::(\d{1,2}))?)?)?$/;

interface Fields {
  year?: number;
  month?: number;
  day?: number;
  hour?: number;
  minute?: number;
  second?: number;
  micros?: number;
  sign?: number;
  zoneHour?: number;
  zoneMinute?: number;
  afternoon?: boolean;
  secondOfDay?: number;
  dayOfYear?: number;
}

/** `undefined` where the text cannot be read and errors are suppressed. */
export function readJsonDatetime(
  text: string,
  template: string | undefined,
  throws: boolean,
): JsonDatetime | undefined {
  try {
    return template === undefined ? readIso(text) : readTemplate(text, template);
  } catch (error) {
    if (throws) throw error;
    return undefined;
  }
}

function readIso(text: string): JsonDatetime {
  const match = isoForm.exec(text);
  if (!match || text === '')
    throw fail('invalid_argument_for_sql_json_datetime_function', `datetime format is not recognized: "${text}"`, {
      hint: 'Use a datetime template argument to specify the input data format.',
    });
  const [, year, month, day, , hour, minute, second, fraction, sign, zoneHour, zoneMinute] = match;
  return fromFields(
    {
      ...(year !== undefined && { year: Number(year), month: Number(month), day: Number(day) }),
      ...(hour !== undefined && { hour: Number(hour), minute: Number(minute), second: Number(second) }),
      ...(fraction !== undefined && { micros: Number(fraction.padEnd(6, '0')) }),
      ...(sign !== undefined && {
        sign: sign === '-' ? -1 : 1,
        zoneHour: Number(zoneHour),
        zoneMinute: Number(zoneMinute ?? 0),
      }),
    },
    text,
  );
}

function fromFields(f: Fields, text: string): JsonDatetime {
  const outOfRange = () => fail('datetime_field_overflow', `date/time field value out of range: "${text}"`);
  const dated = f.year !== undefined || f.month !== undefined || f.day !== undefined || f.dayOfYear !== undefined;
  const timed = f.hour !== undefined || f.minute !== undefined || f.second !== undefined || f.secondOfDay !== undefined;
  const zoned = f.zoneHour !== undefined;
  if (!dated && !timed) throw malformed('datetime format is not dated and not timed');
  if (zoned && !timed) throw malformed('datetime format is zoned but not timed');
  let days = 0;
  if (dated) {
    const { year = 1, month = 1, day = 1, dayOfYear } = f;
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) throw outOfRange();
    days = dayOfYear === undefined ? daysFromCivil(year, month, day) : daysFromCivil(year, 1, 1) + dayOfYear - 1;
    if (dayOfYear !== undefined && civilFromDays(days).year !== year) throw outOfRange();
  }
  let { hour = 0 } = f;
  const { minute = 0, second = 0, micros = 0 } = f;
  if (f.afternoon !== undefined) {
    if (hour < 1 || hour > 12) throw malformed(`hour "${hour}" is invalid for the 12-hour clock`);
    hour = (hour % 12) + (f.afternoon ? 12 : 0);
  }
  if (hour > 23 || minute > 59 || second > 59) throw outOfRange();
  const seconds = f.secondOfDay ?? hour * 3600 + minute * 60 + second;
  const offset = (f.sign ?? 1) * ((f.zoneHour ?? 0) * 3600 + (f.zoneMinute ?? 0) * 60);
  if (Math.abs(offset) >= 16 * 3600) throw outOfRange();
  const local = BigInt(days) * microsPerDay + BigInt(seconds) * 1_000_000n + BigInt(micros);
  const base = dated ? (timed ? 'timestamp' : 'date') : 'time';
  const kind = (zoned ? `${base}tz` : base) as Kind;
  return new JsonDatetime(kind, local - BigInt(offset) * 1_000_000n, offset);
}

function malformed(message: string, condition: Condition = 'invalid_datetime_format'): Error {
  return fail(condition, message);
}

const templateField =
  /HH24|HH12|HH|MI|SSSSS|SSSS|SS|MS|US|FF[1-6]|A\.M\.|P\.M\.|AM|PM|RRRR|RR|YYYY|YYY|YY|Y|MM|DDD|DD|TZH|TZM|"((?:[^"\\]|\\.)*)"|[-./,':; ]|[\s\S]/giy;

function readTemplate(text: string, template: string): JsonDatetime {
  const fields: Fields = {};
  const century = 2000;
  let at = 0;
  const digits = (most: number, what: string): string => {
    const found = new RegExp(`^\\d{1,${most}}`).exec(text.slice(at))?.[0];
    if (found === undefined) {
      if (at >= text.length) throw malformed('input string is too short for datetime format');
      throw malformed(`invalid value "${text.slice(at, at + most)}" for "${what}"`);
    }
    at += found.length;
    return found;
  };
  const whole = (most: number, what: string) => Number(digits(most, what));
  for (const [part, literal] of template.matchAll(templateField)) {
    const name = part.toUpperCase();
    if (literal !== undefined) {
      const wanted = literal.replace(/\\(.)/g, '$1');
      if (!text.startsWith(wanted, at)) throw malformed(`unmatched format character "${wanted[0] ?? ''}"`);
      at += wanted.length;
      continue;
    }
    switch (name) {
      case 'YYYY':
      case 'RRRR':
        fields.year = whole(4, name);
        break;
      case 'YYY':
        fields.year = century + whole(3, name);
        break;
      case 'YY':
      case 'RR': {
        const year = whole(2, name);
        fields.year = year < 70 ? 2000 + year : 1900 + year;
        break;
      }
      case 'Y':
        fields.year = century + 20 + whole(1, name);
        break;
      case 'MM':
        fields.month = whole(2, name);
        break;
      case 'DD':
        fields.day = whole(2, name);
        break;
      case 'DDD':
        fields.dayOfYear = whole(3, name);
        break;
      case 'HH24':
      case 'HH12':
      case 'HH':
        fields.hour = whole(2, name);
        break;
      case 'MI':
        fields.minute = whole(2, name);
        break;
      case 'SS':
        fields.second = whole(2, name);
        break;
      case 'SSSS':
      case 'SSSSS':
        fields.secondOfDay = whole(5, name);
        break;
      case 'MS':
      case 'FF3':
        fields.micros = Number(digits(3, name).padEnd(6, '0'));
        break;
      case 'US':
      case 'FF1':
      case 'FF2':
      case 'FF4':
      case 'FF5':
      case 'FF6': {
        const places = name === 'US' ? 6 : Number(name[2]);
        fields.micros = Number(digits(places, name).padEnd(6, '0'));
        break;
      }
      case 'AM':
      case 'PM':
      case 'A.M.':
      case 'P.M.': {
        const found = text.slice(at, at + name.length).toUpperCase();
        if (found[0] !== 'A' && found[0] !== 'P') throw malformed(`invalid value "${found}" for "${name}"`);
        fields.afternoon = found[0] === 'P';
        at += name.length;
        break;
      }
      case 'TZH': {
        const sign = /^(?: \+?|[+-])/.exec(text.slice(at))?.[0] ?? '';
        fields.sign = sign === '-' ? -1 : 1;
        at += sign.length;
        fields.zoneHour = whole(2, name);
        break;
      }
      case 'TZM':
        fields.zoneMinute = whole(2, name);
        break;
      default:
        if (!/^[-./,':; ]$/.test(part)) throw malformed(`invalid datetime format separator: "${part}"`);
        if (text[at] === undefined) throw malformed('input string is too short for datetime format');
        if (text[at] !== part) throw malformed(`unmatched format separator "${part}"`);
        at++;
    }
  }
  if (at < text.length) throw malformed('trailing characters remain in input string after datetime format');
  return fromFields(fields, text);
}
