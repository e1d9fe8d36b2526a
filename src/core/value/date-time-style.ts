// How a statement reads and writes values: its session's settings TimeZone, DateStyle and IntervalStyle, and the names of its catalogue.
import type { ObjectNames } from './object-names.js';

export interface DateTimeStyle {
  readonly timeZone: string;
  readonly output: 'ISO' | 'SQL' | 'German' | 'Postgres';
  /** Of the fields of dates that do not say it themselves. */
  readonly order: 'MDY' | 'DMY' | 'YMD';
  readonly intervals: 'postgres' | 'postgres_verbose' | 'sql_standard' | 'iso_8601';
  /** When the transaction began, for `now` and its kin; the clock where absent. */
  readonly now?: () => bigint;
  /** Absent where the statement has nothing to do with the catalogue. */
  readonly objects?: ObjectNames;
}

export const defaultStyle: DateTimeStyle = {
  timeZone: 'UTC',
  output: 'ISO',
  order: 'MDY',
  intervals: 'postgres',
};

let current = defaultStyle;

/** The style of the statement that is bound, computed or printed right now. */
export const currentStyle = (): DateTimeStyle => current;

/**
 * Does something, all of it before it returns, in a style: what reads and writes values is called from everywhere, and few of them can
 * tell, so that the style is not an argument of each.
 */
export function withStyle<T>(style: DateTimeStyle, work: () => T): T {
  const before = current;
  current = style;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Writes values as ISO 8601 has them, whatever DateStyle says: as JSON does. */
export const inIso = <T>(work: () => T): T =>
  current.output === 'ISO' ? work() : withStyle({ ...current, output: 'ISO' }, work);

/** Whether values are read and written as everywhere else, so that nothing needs to know the style. */
export function isDefaultStyle({ timeZone, output, order, intervals }: DateTimeStyle): boolean {
  return timeZone === 'UTC' && output === 'ISO' && order === 'MDY' && intervals === 'postgres';
}

/** The style that settings name. */
export function styleOf(setting: (name: string) => string, now?: () => bigint): DateTimeStyle {
  const [output = 'ISO', order = 'MDY'] = setting('DateStyle').split(', ');
  return {
    timeZone: setting('TimeZone'),
    output: output as DateTimeStyle['output'],
    order: order as DateTimeStyle['order'],
    intervals: setting('IntervalStyle') as DateTimeStyle['intervals'],
    ...(now !== undefined && { now }),
  };
}
