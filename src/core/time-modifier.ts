// What a type of times keeps of a value, `timestamp(2)` or `interval day to second(3)`, as PostgreSQL's type modifiers say it
// (src/include/utils/timestamp.h): digits of the seconds, and above them, of an interval, a mask of its fields.
import type { SqlType } from './sql-type.js';

export interface TimePrecision {
  /** Of the seconds' fraction, 0 to 6. */
  readonly digits?: number;
  /** `day to second`, lower case. */
  readonly fields?: string;
}

export const isTime = ({ kind }: SqlType): boolean =>
  kind === 'time' || kind === 'timetz' || kind === 'timestamp' || kind === 'timestamptz' || kind === 'interval';

const units = ['year', 'month', 'day', 'hour', 'minute', 'second'];
const bits: Readonly<Record<string, number>> = { month: 1, year: 2, day: 3, hour: 10, minute: 11, second: 12 };
const allFields = 0x7fff;
const allDigits = 0xffff;

function maskOf(fields: string): number {
  const [first, last = first] = fields.split(' to ') as [string, string?];
  return units
    .slice(units.indexOf(first), units.indexOf(last!) + 1)
    .reduce((mask, unit) => mask | (1 << bits[unit]!), 0);
}

/** -1 where all of a value is kept. */
export function timeModifier(type: SqlType, { digits, fields }: TimePrecision): number {
  if (digits === undefined && fields === undefined) return -1;
  if (type.kind !== 'interval') return digits ?? -1;
  return ((fields === undefined ? allFields : maskOf(fields)) << 16) | (digits ?? allDigits);
}

export function timePrecisionOf(type: SqlType, modifier: number): TimePrecision {
  if (modifier < 0) return {};
  if (type.kind !== 'interval') return { digits: modifier };
  const mask = (modifier >> 16) & allFields;
  const named = units.filter((unit) => mask & (1 << bits[unit]!));
  const fields = named.length > 1 ? `${named[0]} to ${named.at(-1)}` : named[0];
  const digits = modifier & allDigits;
  return { ...(digits !== allDigits && { digits }), ...(mask !== allFields && fields !== undefined && { fields }) };
}

/** The name of the type with them: `timestamp(2) without time zone`. */
export function printTimeType(name: string, { digits, fields }: TimePrecision): string {
  const [first, ...zone] = name.split(' ');
  const shown = digits === undefined ? '' : `(${digits})`;
  return [`${first}${fields === undefined ? shown : ` ${fields}${shown}`}`, ...zone].join(' ');
}
