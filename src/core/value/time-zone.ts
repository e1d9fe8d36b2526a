// Time zones by name, through the full zone data of ICU: offsets of instants, and the instants of local times.
import { fail } from '../diagnostic.js';
import { daysFromCivil, microsPerDay } from './datetime.js';

const micros = 1_000_000n;

/** Abbreviations that PostgreSQL knows by default, in hours. */
const abbreviations: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  ut: 0,
  uct: 0,
  z: 0,
  zulu: 0,
  wet: 0,
  west: 1,
  bst: 1,
  cet: 1,
  met: 1,
  mez: 1,
  cest: 2,
  cetdst: 2,
  mest: 2,
  mesz: 2,
  metdst: 2,
  eet: 2,
  eest: 3,
  eetdst: 3,
  fet: 3,
  ist: 2,
  idt: 3,
  sast: 2,
  msk: 3,
  msd: 4,
  pkt: 5,
  npt: 5.75,
  mmt: 6.5,
  ict: 7,
  wib: 7,
  sgt: 8,
  hkt: 8,
  pht: 8,
  awst: 8,
  jst: 9,
  kst: 9,
  acst: 9.5,
  acdt: 10.5,
  aest: 10,
  aesst: 11,
  aedt: 11,
  nzst: 12,
  nzt: 12,
  nzdt: 13,
  nst: -3.5,
  ndt: -2.5,
  brt: -3,
  art: -3,
  ast: -4,
  adt: -3,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  akst: -9,
  akdt: -8,
  hst: -10,
  sst: -11,
};
/** Seconds east of Greenwich of a fixed abbreviation such as EST. */
export function abbreviationOffset(name: string): number | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(abbreviations, key) ? abbreviations[key]! * 3600 : undefined;
}

/** Seconds to add to universal time, at an instant given in seconds since 1970. */
type Offset = (second: number) => number;

/** Offsets of days on which they do not change are kept. */
const mostDays = 100_000;

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}

function namedOffset(format: Intl.DateTimeFormat): Offset {
  const exact = (second: number): number => {
    const part = Object.fromEntries(format.formatToParts(second * 1000).map((p) => [p.type, p.value]));
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const days = daysFromCivil(year, Number(part['month']), Number(part['day']));
    const clock = Number(part['hour']) * 3600 + Number(part['minute']) * 60 + Number(part['second']);
    return days * 86_400 + clock - second;
  };
  // The platform's clock ends in the year 275760; rules repeat every 400 years.
  const cycle = 146_097 * 86_400;
  const known = new Map<number, number | 'changes'>();
  return (second) => {
    let within = second;
    while (within > 8.6e12) within -= cycle;
    while (within < -8.6e12) within += cycle;
    const day = Math.floor(within / 86_400);
    let offset = known.get(day);
    if (offset === undefined) {
      const start = exact(day * 86_400);
      offset = start === exact(day * 86_400 + 86_399) ? start : 'changes';
      if (known.size > mostDays) known.clear();
      known.set(day, offset);
    }
    return offset === 'changes' ? exact(within) : offset;
  };
}

const offsets = new Map<string, Offset | undefined>();

function offsetOrNone(zone: string): Offset | undefined {
  const fixed = abbreviationOffset(zone);
  if (fixed !== undefined) return () => fixed;
  // POSIX: what is west of Greenwich is positive.
  const posix = /^(?:[A-Za-z]{3,}|<[A-Za-z0-9+:-]+>)?([+-]?)(\d{1,3})(?::(\d{2}))?(?::(\d{2}))?$/.exec(zone);
  if (posix) {
    const west = Number(posix[2]) * 3600 + Number(posix[3] ?? 0) * 60 + Number(posix[4] ?? 0);
    return west > 168 * 3600 ? undefined : () => (posix[1] === '-' ? west : 0 - west);
  }
  const format = /^[+-]/.test(zone) ? undefined : formatOf(zone);
  return format && namedOffset(format);
}

function offsetOf(zone: string): Offset | undefined {
  const key = zone.toLowerCase();
  if (!offsets.has(key)) {
    if (offsets.size > 1000) offsets.clear();
    offsets.set(key, offsetOrNone(zone));
  }
  return offsets.get(key);
}

export function isTimeZone(zone: string): boolean {
  return offsetOf(zone) !== undefined;
}

function knownOffset(zone: string): Offset {
  const offset = offsetOf(zone);
  if (!offset) throw fail('invalid_parameter_value', `time zone "${zone}" not recognized`);
  return offset;
}

const toSeconds = (instant: bigint): number => Number(instant / micros - (instant % micros < 0n ? 1n : 0n));

/** Seconds east of Greenwich at an instant. @throws DiagnosticError invalid_parameter_value for a zone that is none */
export function offsetAt(zone: string, instant: bigint): number {
  return zone === 'UTC' ? 0 : knownOffset(zone)(toSeconds(instant));
}

export function toLocal(zone: string, utc: bigint): bigint {
  return utc + BigInt(offsetAt(zone, utc)) * micros;
}

/** In a gap the offset before it counts, in an hour that comes twice the one after it. */
export function toUniversal(zone: string, local: bigint): bigint {
  if (zone === 'UTC') return local;
  const offset = knownOffset(zone);
  const at = (instant: bigint): bigint => BigInt(offset(toSeconds(instant))) * micros;
  const before = at(local - microsPerDay);
  const after = at(local + microsPerDay);
  if (before === after) return local - before;
  if (at(local - after) === after) return local - after;
  return local - before;
}

/** Where the platform names a zone's times by letters. */
const namingLocales = ['en-US', 'en-GB', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'en-CA'];
const otherNames: Readonly<Record<string, string>> = {
  'Asia/Tokyo': 'JST',
  'Asia/Seoul': 'KST',
  'Asia/Shanghai': 'CST',
  'Asia/Hong_Kong': 'HKT',
  'Asia/Taipei': 'CST',
  'Asia/Manila': 'PST',
  'Asia/Karachi': 'PKT',
  'Asia/Jakarta': 'WIB',
  'Europe/Moscow': 'MSK',
  'Africa/Johannesburg': 'SAST',
  'Africa/Nairobi': 'EAT',
  'Africa/Lagos': 'WAT',
};

const abbreviators = new Map<string, readonly Intl.DateTimeFormat[]>();

/** `CET`, `EDT`; the offset where a zone has no such names. */
export function zoneAbbreviation(zone: string, instant: bigint): string {
  const key = zone.toLowerCase();
  if (Object.hasOwn(abbreviations, key)) return zone.toUpperCase();
  const offset = offsetAt(zone, instant);
  // A POSIX zone has the name it gives itself, or none. PST8PDT is a zone by name.
  const posix = /^([A-Za-z]{3,}|<[A-Za-z0-9+:-]+>)?[+-]?\d{1,3}(?::\d{2}){0,2}$/.exec(zone);
  if (posix) return (posix[1] ?? '').replace(/[<>]/g, '');
  const other = otherNames[zone];
  if (other) return other;
  if (!abbreviators.has(key))
    abbreviators.set(
      key,
      namingLocales.map((locale) => new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' })),
    );
  for (const format of abbreviators.get(key)!) {
    const name = format.formatToParts(toSeconds(instant) * 1000).find((p) => p.type === 'timeZoneName')?.value;
    if (name && /^[A-Z]{3,5}$/.test(name) && (name !== 'GMT' || offset === 0)) return name;
  }
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 3600), Math.floor(Math.abs(offset) / 60) % 60];
  const shown = String(hours).padStart(2, '0') + (minutes === 0 ? '' : String(minutes).padStart(2, '0'));
  return `${offset < 0 ? '-' : '+'}${shown}`;
}

let spellings: ReadonlyMap<string, string> | undefined;

const zoneNames = (): string[] => [...Intl.supportedValuesOf('timeZone'), 'UTC', 'GMT', 'Etc/UTC'];

/** All zones by name, as they are at an instant. Summer time is when clocks are ahead of where they are at another time of the year. */
export function zonesAt(instant: bigint) {
  const halfYear = 182n * microsPerDay;
  return [...new Set(zoneNames())].map((name) => {
    const offset = offsetAt(name, instant);
    return { name, offset, isSummerTime: offset > offsetAt(name, instant - halfYear) };
  });
}

/** The zone a setting names, as it is shown: hours east of Greenwich become a POSIX zone; `undefined` where it is none. */
export function canonicalTimeZone(setting: string): string | undefined {
  const name = setting.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(name)) return offsetZone(Math.round(Number(name) * 3600));
  spellings ??= new Map(zoneNames().map((zone) => [zone.toLowerCase(), zone]));
  if (
    Object.hasOwn(abbreviations, name.toLowerCase()) &&
    !/^(?:utc|gmt|uct|zulu|wet|cet|met|eet|est|mst|hst)$/i.test(name)
  )
    return undefined;
  return isTimeZone(name) ? (spellings.get(name.toLowerCase()) ?? name) : undefined;
}

/** A fixed offset as PostgreSQL shows it: `<-08>+08`. */
export function offsetZone(seconds: number): string | undefined {
  const size = Math.abs(seconds);
  if (size > 168 * 3600) return undefined;
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].map((n) => String(n).padStart(2, '0'));
  while (parts.length > 1 && parts.at(-1) === '00') parts.pop();
  const clock = parts.join(':');
  return seconds < 0 ? `<-${clock}>+${clock}` : `<+${clock}>-${clock}`;
}
