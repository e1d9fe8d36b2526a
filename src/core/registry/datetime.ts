// Dates, times and intervals: arithmetic, fields, truncation. The evaluator runs them; DuckDB's calendar differs at infinities.
import { fail } from '../diagnostic.js';
import { type SqlType, types } from '../sql-type.js';
import {
  addInterval,
  addIntervalZoned,
  checkedTimestamp,
  datePart,
  divideInterval,
  intervalBetween,
  justifyDays,
  justifyHours,
  movedDate,
  negatedInterval,
  roundEven,
  scaleInterval,
  startOfDay,
  sumIntervals,
  truncateTimestamp,
  truncateZoned,
} from '../value/calendar.js';
import {
  dateInfinity,
  daysFromCivil,
  daysInMonth,
  microsPerDay,
  splitTimestamp,
  timestampInfinity,
} from '../value/datetime.js';
import { numericToFloat } from '../value/numeric.js';
import { chapter, type Draft, on, parametersOf, values } from './define.js';
import type { FunctionEntry, IntervalValue, NumericValue, Value } from './overload.js';

const operator = chapter('datetime', 'operator');
const scalar = chapter('datetime', 'scalar');
const { date, time, timestamp, timestamptz, interval, int4, float8, text } = types;

const timeOf = (micros: bigint): bigint => splitTimestamp(micros).time;

function daysBetween(a: number, b: number): number {
  if (Math.abs(a) >= dateInfinity || Math.abs(b) >= dateInfinity)
    throw fail('datetime_field_overflow', 'cannot subtract infinite dates');
  return a - b;
}

const atTime = (days: number, time: bigint): bigint => {
  const start = startOfDay(days);
  return Math.abs(days) >= dateInfinity ? start : checkedTimestamp(start + time);
};

const stamps = [timestamp, timestamptz] as const;
/** What reads the session's time zone. */
const zoned = (type: SqlType) => (type.kind === 'timestamptz' ? ({ volatility: 'stable' } as const) : {});
const adder = (type: SqlType) => (type.kind === 'timestamptz' ? addIntervalZoned : addInterval);

const plus: readonly Draft[] = [
  on([date, int4], date, { op: 'date_pli', fold: values(movedDate) }),
  on([int4, date], date, { op: 'integer_pl_date', fold: values((n: number, d: number) => movedDate(d, n)) }),
  on([date, time], timestamp, { op: 'datetime_pl', fold: values(atTime) }),
  on([time, date], timestamp, { op: 'timedate_pl', fold: values((t: bigint, d: number) => atTime(d, t)) }),
  on([date, interval], timestamp, {
    op: 'date_pl_interval',
    fold: values((d: number, i: IntervalValue) => addInterval(startOfDay(d), i)),
  }),
  on([interval, date], timestamp, {
    op: 'interval_pl_date',
    fold: values((i: IntervalValue, d: number) => addInterval(startOfDay(d), i)),
  }),
  ...stamps.flatMap((type) => [
    on([type, interval], type, { op: `${type.kind}_pl_interval`, ...zoned(type), fold: values(adder(type)) }),
    on([interval, type], type, {
      op: `interval_pl_${type.kind}`,
      ...zoned(type),
      fold: values((i: IntervalValue, t: bigint) => adder(type)(t, i)),
    }),
  ]),
  on([time, interval], time, {
    op: 'time_pl_interval',
    fold: values((t: bigint, i: IntervalValue) => timeOf(t + i.micros)),
  }),
  on([interval, time], time, {
    op: 'interval_pl_time',
    fold: values((i: IntervalValue, t: bigint) => timeOf(t + i.micros)),
  }),
  on([interval, interval], interval, { op: 'interval_pl', fold: values(sumIntervals) }),
];

const minus: readonly Draft[] = [
  on([date, int4], date, { op: 'date_mii', fold: values((d: number, n: number) => movedDate(d, -n)) }),
  on([date, date], int4, { op: 'date_mi', fold: values(daysBetween) }),
  on([date, interval], timestamp, {
    op: 'date_mi_interval',
    fold: values((d: number, i: IntervalValue) => addInterval(startOfDay(d), negatedInterval(i))),
  }),
  ...stamps.flatMap((type) => [
    on([type, interval], type, {
      op: `${type.kind}_mi_interval`,
      ...zoned(type),
      fold: values((t: bigint, i: IntervalValue) => adder(type)(t, negatedInterval(i))),
    }),
    on([type, type], interval, {
      op: `${type.kind}_mi`,
      fold: values((a: bigint, b: bigint): Value => {
        if ([a, b].some((t) => t >= timestampInfinity || t <= -timestampInfinity))
          throw fail('datetime_field_overflow', 'cannot subtract infinite timestamps');
        const days = (a - b) / microsPerDay;
        return { months: 0, days: Number(days), micros: a - b - days * microsPerDay };
      }),
    }),
  ]),
  on([time, interval], time, {
    op: 'time_mi_interval',
    fold: values((t: bigint, i: IntervalValue) => timeOf(t - i.micros)),
  }),
  on([time, time], interval, {
    op: 'time_mi_time',
    fold: values((a: bigint, b: bigint): Value => ({ months: 0, days: 0, micros: a - b })),
  }),
  on([interval, interval], interval, {
    op: 'interval_mi',
    fold: values((a: IntervalValue, b: IntervalValue) => sumIntervals(a, negatedInterval(b))),
  }),
  on([interval], interval, { op: 'interval_um', fold: values(negatedInterval) }),
];

const infiniteFields = /^(?:y|yrs?|years?|dec.*|c|cent.*|mil|mils|millenn.*|julian|isoyear|epoch)$/;

/** Fields with a fraction show it whole: `extract(second …)` has six digits, `milliseconds` three. */
function extractType(argTypes: readonly SqlType[], constants?: readonly (Value | undefined)[]): SqlType {
  const field = String(constants?.[0] ?? '').toLowerCase();
  if (field === 'epoch' && argTypes[1]?.kind === 'date') return { kind: 'numeric', precision: 38, scale: 0 };
  // Of an infinite time these are infinite.
  if (
    argTypes[1]?.kind !== 'interval' &&
    argTypes[1]?.kind !== 'time' &&
    argTypes[1]?.kind !== 'timetz' &&
    infiniteFields.test(field)
  )
    return types.numeric;
  const scale = /^(?:epoch|sec|second|seconds)$/.test(field) ? 6 : /^(?:ms|millisecond)/.test(field) ? 3 : 0;
  return { kind: 'numeric', precision: 38, scale };
}

const sources = [date, time, types.timetz, timestamp, timestamptz, interval] as const;

const toFloat = (part: NumericValue | null): number | null => part && numericToFloat(part);

function makeDate(year: number, month: number, day: number): number {
  if (Math.abs(year) > 5_874_897)
    throw fail('datetime_field_overflow', `date field value out of range: ${year}-${month}-${day}`);
  if (month < 1 || month > 12 || day < 1 || year === 0 || day > daysInMonth(year < 0 ? year + 1 : year, month))
    throw fail('datetime_field_overflow', `date field value out of range: ${year}-${month}-${day}`);
  return daysFromCivil(year < 0 ? year + 1 : year, month, day);
}

function makeTime(hour: number, minute: number, second: number): bigint {
  const micros = roundEven(second * 1e6);
  const isTime = hour >= 0 && hour <= 24 && minute >= 0 && minute <= 59 && micros >= 0 && micros <= 60e6;
  const time = isTime ? BigInt(hour * 3600 + minute * 60) * 1_000_000n + BigInt(micros) : microsPerDay + 1n;
  if (time > microsPerDay)
    throw fail('datetime_field_overflow', `time field value out of range: ${hour}:${minute}:${second}`);
  return time;
}

/** Counted from 2000, where doubles are as fine as PostgreSQL's. */
function fromEpoch(seconds: number): bigint {
  if (Number.isNaN(seconds)) throw fail('datetime_field_overflow', 'timestamp cannot be NaN');
  if (!Number.isFinite(seconds)) return seconds > 0 ? timestampInfinity : -timestampInfinity;
  if (seconds < -210_866_803_200 || seconds >= 9_224_318_016_000)
    throw fail('datetime_field_overflow', `timestamp out of range: "${seconds}"`);
  return checkedTimestamp(BigInt(roundEven((seconds - 946_684_800) * 1e6)) + 946_684_800_000_000n);
}

export const datetimeFunctions: readonly FunctionEntry[] = [
  operator('+', 'Sum; also of dates and times with intervals.', plus),
  operator('-', 'Difference; also of dates and times, and with intervals.', minus),
  operator('*', 'Product; also of an interval and a number.', [
    on([interval, float8], interval, { op: 'interval_mul', fold: values(scaleInterval) }),
    on([float8, interval], interval, {
      op: 'mul_d_interval',
      fold: values((x: number, i: IntervalValue) => scaleInterval(i, x)),
    }),
  ]),
  operator('/', 'Quotient; also of an interval and a number.', [
    on([interval, float8], interval, { op: 'interval_div', fold: values(divideInterval) }),
  ]),
  scalar(
    'extract',
    'A field of a date, time or interval: year, month, day, hour, second, epoch, dow, doy, week, quarter, …',
    sources.map((type) =>
      on([text, type], extractType, {
        op: `extract(text, ${type.kind})`,
        ...zoned(type),
        fold: values((field: string, value: Value) => datePart(field, value, type)),
      }),
    ),
  ),
  scalar(
    'date_part',
    'A field of a date, time or interval, in double precision.',
    sources.map((type) =>
      on([text, type], float8, {
        op: `date_part(text, ${type.kind})`,
        ...zoned(type),
        // Of a date that of its first moment, so that it has hours.
        fold: values((field: string, value: Value) =>
          type.kind === 'date'
            ? toFloat(datePart(field, startOfDay(value as number), timestamp))
            : toFloat(datePart(field, value, type)),
        ),
      }),
    ),
  ),
  scalar(
    'date_trunc',
    'The beginning of the unit in which a timestamp lies.',
    stamps.map((type) =>
      on([text, type], type, {
        op: `date_trunc(text, ${type.kind})`,
        ...zoned(type),
        fold: values((field: string, t: bigint) =>
          type.kind === 'timestamptz' ? truncateZoned(field, t) : truncateTimestamp(field, t),
        ),
      }),
    ),
  ),
  scalar('age', 'The time between, in years, months and days.', [
    on([timestamp, timestamp], interval, { fold: values(intervalBetween) }),
  ]),
  scalar(
    'make_date',
    'A date of year, month and day.',
    [on([int4, int4, int4], date, { fold: values(makeDate) })],
    parametersOf('year', 'month', 'day'),
  ),
  scalar(
    'make_time',
    'A time of hour, minute and second.',
    [on([int4, int4, float8], time, { fold: values(makeTime) })],
    parametersOf('hour', 'min', 'sec'),
  ),
  scalar(
    'make_timestamp',
    'A timestamp of year, month, day, hour, minute and second.',
    [
      on([int4, int4, int4, int4, int4, float8], timestamp, {
        fold: values(
          (y: number, m: number, d: number, h: number, min: number, s: number) =>
            startOfDay(makeDate(y, m, d)) + makeTime(h, min, s),
        ),
      }),
    ],
    parametersOf('year', 'month', 'mday', 'hour', 'min', 'sec'),
  ),
  scalar('justify_days', '30 days as a month.', [on([interval], interval, { fold: values(justifyDays) })]),
  scalar('justify_hours', '24 hours as a day.', [on([interval], interval, { fold: values(justifyHours) })]),
  scalar('to_timestamp', 'The time so many seconds after 1970.', [
    on([float8], timestamptz, { fold: values(fromEpoch) }),
  ]),
  scalar('isfinite', 'Whether it is neither infinity.', [
    on([date], types.bool, { op: 'date_finite', fold: values((d: number) => Math.abs(d) < 2147483647) }),
    ...stamps.map((type) =>
      on([type], types.bool, {
        op: `${type.kind}_finite`,
        fold: values((t: bigint) => t < 9223372036854775807n && t > -9223372036854775807n),
      }),
    ),
  ]),
];
