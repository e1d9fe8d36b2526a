// Dates, times and intervals: arithmetic, fields, truncation. The evaluator runs them; DuckDB's calendar differs at infinities.
import { fail } from '../diagnostic.js';
import { type SqlType, types } from '../sql-type.js';
import {
  addInterval,
  datePart,
  intervalBetween,
  justifyDays,
  justifyHours,
  scaleInterval,
  sumIntervals,
  truncateTimestamp,
} from '../value/calendar.js';
import { daysFromCivil, daysInMonth, microsPerDay, splitTimestamp } from '../value/datetime.js';
import { chapter, type Draft, on, values } from './define.js';
import type { FunctionEntry, IntervalValue, NumericValue, Value } from './overload.js';

const operator = chapter('datetime', 'operator');
const scalar = chapter('datetime', 'scalar');
const { date, time, timestamp, timestamptz, interval, int4, float8, text } = types;

const negated = (i: IntervalValue): IntervalValue => scaleInterval(i, -1);
const atMidnight = (days: number): bigint => BigInt(days) * microsPerDay;
const timeOf = (micros: bigint): bigint => splitTimestamp(micros).time;

const stamps = [timestamp, timestamptz] as const;

const plus: readonly Draft[] = [
  on([date, int4], date, { op: 'date_pli', fold: values((d: number, n: number) => d + n) }),
  on([int4, date], date, { op: 'integer_pl_date', fold: values((n: number, d: number) => d + n) }),
  on([date, time], timestamp, { op: 'datetime_pl', fold: values((d: number, t: bigint) => atMidnight(d) + t) }),
  on([time, date], timestamp, { op: 'timedate_pl', fold: values((t: bigint, d: number) => atMidnight(d) + t) }),
  on([date, interval], timestamp, {
    op: 'date_pl_interval',
    fold: values((d: number, i: IntervalValue) => addInterval(atMidnight(d), i)),
  }),
  on([interval, date], timestamp, {
    op: 'interval_pl_date',
    fold: values((i: IntervalValue, d: number) => addInterval(atMidnight(d), i)),
  }),
  ...stamps.flatMap((type) => [
    on([type, interval], type, { op: `${type.kind}_pl_interval`, fold: values(addInterval) }),
    on([interval, type], type, {
      op: `interval_pl_${type.kind}`,
      fold: values((i: IntervalValue, t: bigint) => addInterval(t, i)),
    }),
  ]),
  on([time, interval], time, {
    op: 'time_pl_interval',
    fold: values((t: bigint, i: IntervalValue) => timeOf(t + i.micros)),
  }),
  on([interval, interval], interval, { op: 'interval_pl', fold: values(sumIntervals) }),
];

const minus: readonly Draft[] = [
  on([date, int4], date, { op: 'date_mii', fold: values((d: number, n: number) => d - n) }),
  on([date, date], int4, { op: 'date_mi', fold: values((a: number, b: number) => a - b) }),
  on([date, interval], timestamp, {
    op: 'date_mi_interval',
    fold: values((d: number, i: IntervalValue) => addInterval(atMidnight(d), negated(i))),
  }),
  ...stamps.flatMap((type) => [
    on([type, interval], type, {
      op: `${type.kind}_mi_interval`,
      fold: values((t: bigint, i: IntervalValue) => addInterval(t, negated(i))),
    }),
    on([type, type], interval, {
      op: `${type.kind}_mi`,
      fold: values((a: bigint, b: bigint): Value => {
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
    fold: values((a: IntervalValue, b: IntervalValue) => sumIntervals(a, negated(b))),
  }),
  on([interval], interval, { op: 'interval_um', fold: values(negated) }),
];

function divided(i: IntervalValue, by: number): IntervalValue {
  if (by === 0) throw fail('division_by_zero', 'division by zero');
  return scaleInterval(i, 1 / by);
}

/** Fields with a fraction show it whole: `extract(second …)` has six digits, `milliseconds` three. */
function extractType(argTypes: readonly SqlType[], constants?: readonly (Value | undefined)[]): SqlType {
  const field = String(constants?.[0] ?? '').toLowerCase();
  if (field === 'epoch' && argTypes[1]?.kind === 'date') return { kind: 'numeric', precision: 38, scale: 0 };
  const scale = /^(?:epoch|sec|second|seconds)$/.test(field) ? 6 : /^(?:ms|millisecond)/.test(field) ? 3 : 0;
  return { kind: 'numeric', precision: 38, scale };
}

const sources = [date, time, timestamp, timestamptz, interval] as const;

const toFloat = ({ unscaled, scale }: NumericValue): number => Number(unscaled) / 10 ** scale;

function makeDate(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || year === 0 || day > daysInMonth(year < 0 ? year + 1 : year, month))
    throw fail('datetime_field_overflow', `date field value out of range: ${year}-${month}-${day}`);
  return daysFromCivil(year < 0 ? year + 1 : year, month, day);
}

function makeTime(hour: number, minute: number, second: number): bigint {
  const micros = BigInt(hour * 3600 + minute * 60) * 1_000_000n + BigInt(Math.round(second * 1e6));
  if (hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 60 || micros > microsPerDay)
    throw fail('datetime_field_overflow', `time field value out of range: ${hour}:${minute}:${second}`);
  return micros;
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
    on([interval, float8], interval, { op: 'interval_div', fold: values(divided) }),
  ]),
  scalar(
    'extract',
    'A field of a date, time or interval: year, month, day, hour, second, epoch, dow, doy, week, quarter, …',
    sources.map((type) =>
      on([text, type], extractType, {
        op: `extract(text, ${type.kind})`,
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
        fold: values((field: string, value: Value) => toFloat(datePart(field, value, type))),
      }),
    ),
  ),
  scalar(
    'date_trunc',
    'The beginning of the unit in which a timestamp lies.',
    stamps.map((type) =>
      on([text, type], type, { op: `date_trunc(text, ${type.kind})`, fold: values(truncateTimestamp) }),
    ),
  ),
  scalar('age', 'The time between, in years, months and days.', [
    on([timestamp, timestamp], interval, { fold: values(intervalBetween) }),
  ]),
  scalar('make_date', 'A date of year, month and day.', [on([int4, int4, int4], date, { fold: values(makeDate) })]),
  scalar('make_time', 'A time of hour, minute and second.', [
    on([int4, int4, float8], time, { fold: values(makeTime) }),
  ]),
  scalar('make_timestamp', 'A timestamp of year, month, day, hour, minute and second.', [
    on([int4, int4, int4, int4, int4, float8], timestamp, {
      fold: values(
        (y: number, m: number, d: number, h: number, min: number, s: number) =>
          atMidnight(makeDate(y, m, d)) + makeTime(h, min, s),
      ),
    }),
  ]),
  scalar('justify_days', '30 days as a month.', [on([interval], interval, { fold: values(justifyDays) })]),
  scalar('justify_hours', '24 hours as a day.', [on([interval], interval, { fold: values(justifyHours) })]),
  scalar('to_timestamp', 'The time so many seconds after 1970.', [
    on([float8], timestamptz, { fold: values((s: number) => BigInt(Math.round(s * 1e6))) }),
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
