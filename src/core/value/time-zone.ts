// Time zones by name, through the full zone data of ICU: offsets of instants, and the instants of local times.
import { fail } from '../diagnostic.js';
import { daysFromCivil, microsPerDay } from './datetime.js';

const micros = 1_000_000n;

/** Abbreviations that PostgreSQL knows by default, in hours. */
const abbreviations: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  z: 0,
  zulu: 0,
  wet: 0,
  west: 1,
  bst: 1,
  cet: 1,
  cest: 2,
  mez: 1,
  mesz: 2,
  eet: 2,
  eest: 3,
  msk: 3,
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
  jst: 9,
  kst: 9,
};

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const key = zone.toLowerCase();
  if (!formats.has(key)) {
    if (formats.size > 1000) formats.clear();
    let format: Intl.DateTimeFormat | undefined;
    try {
      format = new Intl.DateTimeFormat('en-US', {
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
      format = undefined;
    }
    formats.set(key, format);
  }
  return formats.get(key);
}

/** Microseconds to add to universal time, at an instant. */
type Offset = (utc: bigint) => bigint;

/** @throws DiagnosticError invalid_parameter_value for a zone that is none */
function offsetOf(zone: string): Offset {
  const hours = abbreviations[zone.toLowerCase()];
  if (hours !== undefined) return () => BigInt(hours) * 3600n * micros;
  // POSIX: what is west of Greenwich is positive.
  const posix = /^(?:[A-Za-z]{3,})?([+-]?)(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?$/.exec(zone);
  if (posix) {
    const seconds = Number(posix[2]) * 3600 + Number(posix[3] ?? 0) * 60 + Number(posix[4] ?? 0);
    const west = BigInt(posix[1] === '-' ? -seconds : seconds) * micros;
    return () => -west;
  }
  const format = /^[+-]/.test(zone) ? undefined : formatOf(zone);
  if (!format) throw fail('invalid_parameter_value', `time zone "${zone}" not recognized`);
  return (utc) => {
    const second = utc / micros - (utc % micros < 0n ? 1n : 0n);
    const part = Object.fromEntries(format.formatToParts(Number(second) * 1000).map((p) => [p.type, p.value]));
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const days = daysFromCivil(year, Number(part['month']), Number(part['day']));
    const clock = Number(part['hour']) * 3600 + Number(part['minute']) * 60 + Number(part['second']);
    return (BigInt(days) * 86_400n + BigInt(clock) - second) * micros;
  };
}

export function toLocal(zone: string, utc: bigint): bigint {
  return utc + offsetOf(zone)(utc);
}

/** In a gap the offset before it counts, in an hour that comes twice the one after it. */
export function toUniversal(zone: string, local: bigint): bigint {
  const offset = offsetOf(zone);
  const before = offset(local - microsPerDay);
  const after = offset(local + microsPerDay);
  if (before === after) return local - before;
  if (offset(local - after) === after) return local - after;
  return local - before;
}
