// Dates and times beyond their arithmetic: time zones, overlaps, bins, and what makes and takes apart times and intervals.
import { fail } from '../diagnostic.js';
import { type SqlType, types } from '../sql-type.js';
import {
  addInterval,
  addIntervalZoned,
  intervalBetween,
  justifyInterval,
  roundEven,
  scaleInterval,
  truncateZoned,
} from '../value/calendar.js';
import { compareValues, intervalSpan } from '../value/compare.js';
import { currentStyle } from '../value/date-time-style.js';
import { daysFromCivil, daysInMonth, microsPerDay, splitTimestamp, timestampInfinity } from '../value/datetime.js';
import { addNumeric, compareNumeric, signOf, toNumeric } from '../value/numeric.js';
import { toLocal, toUniversal } from '../value/time-zone.js';
import { chapter, type Draft, on, parametersOf, rowsOf, values } from './define.js';
import type { FunctionEntry, IntervalValue, NumericValue, Value } from './overload.js';

const scalar = chapter('datetime', 'scalar');
const operator = chapter('datetime', 'operator');
const table = chapter('set-returning', 'table');
const { date, time, timestamp, timestamptz, interval, int4, float8, text, numeric } = types;

/** What reads the session's time zone. */
const zoned = (type: SqlType) => (type.kind === 'timestamptz' ? ({ volatility: 'stable' } as const) : {});
const localTime = (t: bigint): bigint => (infinite(t) ? t : toLocal(currentStyle().timeZone, t));
const infinite = (t: bigint): boolean => t >= timestampInfinity || t <= -timestampInfinity;
const atMidnight = (days: number): bigint => BigInt(days) * microsPerDay;
const unlessInfinite = (f: (zone: string, t: bigint) => bigint) =>
  values((zone: string, t: bigint) => (infinite(t) ? t : f(zone, t)));

/** A zone given as an interval east of Greenwich. */
const east = (i: IntervalValue): bigint => {
  if (i.months !== 0 || i.days !== 0)
    throw fail('invalid_parameter_value', 'interval time zone must not include months or days');
  return i.micros;
};

/** `(start, end) OVERLAPS (start, end)`: half-open, ends in any order; a moment overlaps what it lies in. */
function overlaps(compare: (a: Value, b: Value) => number, args: readonly Value[]): boolean | null {
  const side = (start: Value, end: Value): readonly [Value, Value] => {
    if (start === null) return [end, null];
    if (end === null) return [start, null];
    return compare(start, end) > 0 ? [end, start] : [start, end];
  };
  let [a1, a2] = side(args[0]!, args[1]!);
  let [b1, b2] = side(args[2]!, args[3]!);
  if (a1 === null || b1 === null) return null;
  let order = compare(a1, b1);
  if (order > 0) {
    [a1, a2, b1, b2] = [b1, b2, a1, a2];
    order = -order;
  }
  if (order === 0) return a2 === null || b2 === null ? null : true;
  if (a2 === null) return null;
  return compare(b1, a2) < 0 ? true : b2 === null ? null : false;
}

function overlapDrafts(): Draft[] {
  const plain = [time, types.timetz, timestamp, timestamptz, date].map((type) =>
    on([type, type, type, type], types.bool, {
      op: `overlaps(${type.kind})`,
      strict: false,
      fold: (args) => overlaps((a, b) => compareValues(a, b, type), args),
    }),
  );
  const within = [timestamp, timestamptz].flatMap((type) =>
    (
      [
        [interval, interval],
        [interval, type],
        [type, interval],
      ] as const
    ).map(([left, right]) => {
      const add = type.kind === 'timestamptz' ? addIntervalZoned : addInterval;
      const plus = (start: Value, length: Value): Value =>
        start === null || length === null ? null : add(start as bigint, length as IntervalValue);
      return on([type, left, type, right], types.bool, {
        op: `overlaps(${type.kind}, ${left.kind}, ${right.kind})`,
        strict: false,
        ...zoned(type),
        fold: ([a, b, c, d]) =>
          overlaps(
            (x, y) => compareValues(x, y, type),
            [a!, left.kind === 'interval' ? plus(a!, b!) : b!, c!, right.kind === 'interval' ? plus(c!, d!) : d!],
          ),
      });
    }),
  );
  return [...plain, ...within];
}

function bin(stride: IntervalValue, source: bigint, origin: bigint): bigint {
  if (infinite(source)) return source;
  if (infinite(origin)) throw fail('datetime_field_overflow', 'origin out of range');
  if (stride.months !== 0)
    throw fail('feature_not_supported', 'timestamps cannot be binned into intervals containing months or years');
  const width = BigInt(stride.days) * microsPerDay + stride.micros;
  if (width <= 0n) throw fail('datetime_field_overflow', 'stride must be greater than zero');
  const apart = source - origin;
  const rest = apart % width;
  return source - rest - (rest < 0n ? width : 0n);
}

/** The unit and all that is greater is kept. */
function truncateInterval(field: string, { months, days, micros }: IntervalValue): IntervalValue {
  const unit = field.toLowerCase().replace(/s$/, '');
  const years: Readonly<Record<string, number>> = {
    millennium: 12000,
    millennia: 12000,
    century: 1200,
    centurie: 1200,
    decade: 120,
    year: 12,
    quarter: 3,
    month: 1,
  };
  const step = years[unit];
  if (step) return { months: Math.trunc(months / step) * step + 0, days: 0, micros: 0n };
  const small: Readonly<Record<string, bigint>> = {
    day: 0n,
    hour: 3_600_000_000n,
    minute: 60_000_000n,
    second: 1_000_000n,
    millisecond: 1000n,
    microsecond: 1n,
  };
  const width = small[unit];
  if (width === undefined)
    throw fail(
      unit === 'week' ? 'feature_not_supported' : 'invalid_parameter_value',
      unit === 'week'
        ? 'unit "week" not supported for type interval'
        : `unit "${field}" not recognized for type interval`,
    );
  return { months, days, micros: width === 0n ? 0n : (micros / width) * width };
}

const fields = ['years', 'months', 'weeks', 'days', 'hours', 'mins', 'secs'] as const;

const makeInterval = (
  years: number,
  months: number,
  weeks: number,
  days: number,
  hours: number,
  mins: number,
  secs: number,
): Value => {
  if (!Number.isFinite(secs)) throw fail('datetime_field_overflow', 'interval out of range');
  return {
    months: (years * 12 + months) | 0,
    days: (weeks * 7 + days) | 0,
    micros: BigInt(hours * 3600 + mins * 60) * 1_000_000n + BigInt(roundEven(secs * 1e6)),
  };
};

type SixNumbers = [number, number, number, number, number, number];

/** A local time of a zone: by name, or as ISO's offset, `+03:00`. */
function inZone(zone: string, local: bigint): bigint {
  if (/^\d/.test(zone))
    throw fail('invalid_parameter_value', `invalid input syntax for type numeric time zone: "${zone}"`, {
      hint: 'Numeric time zones must have "-" or "+" as first character.',
    });
  const offset = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (!offset) return toUniversal(zone, local);
  const seconds = Number(offset[2]) * 3600 + Number(offset[3] ?? 0) * 60;
  return local - BigInt(offset[1] === '-' ? -seconds : seconds) * 1_000_000n;
}

function makeTimestamp(y: number, m: number, d: number, h: number, min: number, s: number): bigint {
  const civil = y < 0 ? y + 1 : y;
  if (m < 1 || m > 12 || d < 1 || y === 0 || d > daysInMonth(civil, m))
    throw fail('datetime_field_overflow', `date field value out of range: ${y}-${m}-${d}`);
  if (h < 0 || h > 24 || min < 0 || min > 59 || s < 0 || s > 60)
    throw fail('datetime_field_overflow', `time field value out of range: ${h}:${min}:${s}`);
  return (
    atMidnight(daysFromCivil(civil, m, d)) + BigInt(h * 3600 + min * 60) * 1_000_000n + BigInt(Math.round(s * 1e6))
  );
}

const sixNumbers = [int4, int4, int4, int4, int4, float8] as const;

/** From a start by steps to a stop. */
function* series<T extends Value>(
  start: T,
  positive: boolean,
  isPast: (x: T) => number,
  next: (x: T) => T,
): Generator<T> {
  for (let x = start; positive ? isPast(x) <= 0 : isPast(x) >= 0; x = next(x)) yield x;
}

function timeSeries(start: bigint, stop: bigint, step: IntervalValue, add = addInterval): Iterable<Value> {
  const sign = intervalSpan(step);
  if (sign === 0n) throw fail('invalid_parameter_value', 'step size cannot equal zero');
  return series(
    start,
    sign > 0n,
    (x) => (x < stop ? -1 : x > stop ? 1 : 0),
    (x) => add(x, step),
  );
}

function numericSeries(start: NumericValue, stop: NumericValue, step = toNumeric(1)): Iterable<Value> {
  for (const [what, value] of [
    ['start value', start],
    ['stop value', stop],
    ['step size', step],
  ] as const)
    if (value?.special)
      throw fail('invalid_parameter_value', `${what} cannot be ${value.special === 'NaN' ? 'NaN' : 'infinity'}`);
  const sign = signOf(step);
  if (sign === 0) throw fail('invalid_parameter_value', 'step size cannot equal zero');
  return series(
    start,
    sign > 0,
    (x) => compareNumeric(x, stop),
    (x) => addNumeric(x, step),
  );
}

/** Rounded to so many digits of the second, halves away from zero; a number of digits that seconds do not have changes nothing. */
export function roundedTo(micros: bigint, digits: number): bigint {
  if (infinite(micros) || digits < 0 || digits > 6) return micros;
  const step = 10n ** BigInt(6 - digits);
  const size = micros < 0n ? -micros : micros;
  const whole = ((size + step / 2n) / step) * step;
  return micros < 0n ? -whole : whole;
}

/** As PostgreSQL counts, from the year 2000: halves are rounded away from it. */
function roundedInstant(micros: bigint, digits: number): bigint {
  // No modifier is -1.
  if (infinite(micros) || digits === -1) return micros;
  if (digits < 0 || digits > 6)
    throw fail('invalid_parameter_value', `timestamp(${digits}) precision must be between 0 and 6`);
  return roundedTo(micros - year2000, digits) + year2000;
}
const year2000 = 946_684_800_000_000n;

/** What an interval keeps down to its last field. */
function keptFields({ months, days, micros }: IntervalValue, last: string, digits: number): IntervalValue {
  const down = (unit: bigint) => (micros / unit) * unit;
  switch (last) {
    case 'year':
      return { months: months - (months % 12), days: 0, micros: 0n };
    case 'month':
      return { months, days: 0, micros: 0n };
    case 'day':
      return { months, days, micros: 0n };
    case 'hour':
      return { months, days, micros: down(3_600_000_000n) };
    case 'minute':
      return { months, days, micros: down(60_000_000n) };
    default:
      return { months, days, micros: roundedTo(micros, digits) };
  }
}

export const moreDatetimeFunctions: readonly FunctionEntry[] = [
  ...[time, timestamp, timestamptz].map((type) =>
    scalar(type.kind, `What a cast to ${type.kind}(n) keeps: n digits of the second.`, [
      on([type, int4], type, { fold: values(type === time ? roundedTo : roundedInstant) }),
    ]),
  ),
  scalar('interval', 'What a cast to an interval with fields keeps: down to the last field, and its digits.', [
    on([interval, text, int4], interval, { fold: values(keptFields) }),
  ]),
  scalar('timezone', 'What `AT TIME ZONE` means: a local time in a zone, or the local time there.', [
    on([text, timestamp], timestamptz, { op: 'timezone(text, timestamp)', fold: unlessInfinite(toUniversal) }),
    on([text, timestamptz], timestamp, { op: 'timezone(text, timestamptz)', fold: unlessInfinite(toLocal) }),
    on([interval, timestamp], timestamptz, {
      op: 'timezone(interval, timestamp)',
      fold: values((i: IntervalValue, t: bigint) => t - east(i)),
    }),
    on([interval, timestamptz], timestamp, {
      op: 'timezone(interval, timestamptz)',
      fold: values((i: IntervalValue, t: bigint) => t + east(i)),
    }),
  ]),
  scalar('overlaps', 'What `OVERLAPS` means: whether two spans of time have a moment in common.', overlapDrafts()),
  scalar(
    'date_bin',
    'The beginning of the interval of a given length, counted from an origin, in which a timestamp lies.',
    [timestamp, timestamptz].map((type) =>
      on([interval, type, type], type, { op: `date_bin(${type.kind})`, fold: values(bin) }),
    ),
  ),
  scalar('date_trunc', 'The interval without what is smaller than a unit.', [
    on([text, interval], interval, { op: 'date_trunc(text, interval)', fold: values(truncateInterval) }),
    on([text, timestamptz, text], timestamptz, {
      op: 'date_trunc(text, timestamptz, text)',
      fold: values((field: string, t: bigint, zone: string) => truncateZoned(field, t, zone)),
    }),
  ]),
  scalar('age', 'The time between; from a timestamp to the midnight that begins today.', [
    on([timestamptz, timestamptz], interval, {
      op: 'age(timestamptz, timestamptz)',
      volatility: 'stable',
      fold: values((a: bigint, b: bigint) => intervalBetween(localTime(a), localTime(b))),
    }),
    ...[timestamp, timestamptz].map((type) =>
      on([type], interval, {
        op: `age(${type.kind})`,
        volatility: 'stable',
        fold: values((t: bigint) => {
          const { days } = splitTimestamp(localTime(BigInt(Date.now()) * 1000n));
          return intervalBetween(atMidnight(days), type.kind === 'timestamptz' ? localTime(t) : t);
        }),
      }),
    ),
  ]),
  scalar('justify_interval', '24 hours as a day, 30 days as a month, all with one sign.', [
    on([interval], interval, { fold: values(justifyInterval) }),
  ]),
  scalar('isfinite', 'Whether it is neither infinity.', [
    on([interval], types.bool, { op: 'interval_finite', fold: () => true }),
  ]),
  scalar(
    'make_interval',
    'An interval of years, months, weeks, days, hours, mins and secs, each 0 where left out.',
    [on([int4, int4, int4, int4, int4, int4, float8], interval, { fold: values(makeInterval) })],
    {
      parameters: fields.map((name) => ({ name, default: 0 })),
      example: { sql: 'make_interval(days => 10)', result: '10 days' },
    },
  ),
  scalar(
    'make_timestamptz',
    'A timestamp with time zone, in universal time or in a zone.',
    [
      on([...sixNumbers], timestamptz, {
        volatility: 'stable',
        fold: (args) => toUniversal(currentStyle().timeZone, makeTimestamp(...(args as SixNumbers))),
      }),
      on([...sixNumbers, text], timestamptz, {
        fold: (args) => inZone(args[6] as string, makeTimestamp(...(args.slice(0, 6) as SixNumbers))),
      }),
    ],
    parametersOf('year', 'month', 'mday', 'hour', 'min', 'sec', 'timezone'),
  ),
  ...(['clock_timestamp', 'timeofday'] as const).map((name) =>
    scalar(name, 'The time of day as it is when the function is called.', [
      on([], name === 'timeofday' ? text : timestamptz, {
        volatility: 'volatile',
        fold: () => (name === 'timeofday' ? new Date().toUTCString() : BigInt(Date.now()) * 1000n),
      }),
    ]),
  ),
  operator('*', 'A number of intervals.', [
    on([int4, interval], interval, {
      op: 'int4_mul_interval',
      fold: values((n: number, i: IntervalValue) => scaleInterval(i, n)),
    }),
  ]),
  table('generate_series', 'The values from a start to a stop by a step.', [
    ...[timestamp, timestamptz].map((type) =>
      on([type, type, interval], type, {
        op: `generate_series(${type.kind})`,
        ...zoned(type),
        ...rowsOf('generate_series', (start: bigint, stop: bigint, step: IntervalValue) =>
          timeSeries(start, stop, step, type.kind === 'timestamptz' ? addIntervalZoned : addInterval),
        ),
      }),
    ),
    ...[2, 3].map((n) =>
      on(
        Array.from({ length: n }, () => numeric),
        numeric,
        {
          op: `generate_series(numeric, ${n})`,
          ...rowsOf('generate_series', numericSeries),
        },
      ),
    ),
  ]),
];
