// Times of day with a time zone: arithmetic, zones, order. The evaluator runs them.
import { types } from '../sql-type.js';
import { checkedTimestamp, startOfDay } from '../value/calendar.js';
import { currentStyle } from '../value/date-time-style.js';
import { dateInfinity } from '../value/datetime.js';
import { offsetAt } from '../value/time-zone.js';
import { parseTimetzText, printTimetz, timetzSortKey, withinDay } from '../value/timetz.js';
import { roundedTo } from './datetime-functions.js';
import { chapter, on, values } from './define.js';
import type { FunctionEntry, IntervalValue, Value } from './overload.js';

const scalar = chapter('datetime', 'scalar');
const operator = chapter('datetime', 'operator');
const { date, timetz, timestamptz, interval, int4, text } = types;

function moved(value: string, by: bigint): string {
  const { time, offset } = parseTimetzText(value);
  return printTimetz({ time: withinDay(time + by), offset });
}

function onDate(days: number, value: string): bigint {
  const start = startOfDay(days);
  if (Math.abs(days) >= dateInfinity) return start;
  const { time, offset } = parseTimetzText(value);
  return checkedTimestamp(start + time - BigInt(offset) * 1_000_000n);
}

/** The same moment of the day elsewhere. */
function inOffset(value: string, to: number): string {
  const { time, offset } = parseTimetzText(value);
  return printTimetz({ time: withinDay(time + BigInt(to - offset) * 1_000_000n), offset: to });
}

const offsetNow = (zone: string): number => offsetAt(zone, currentStyle().now?.() ?? BigInt(Date.now()) * 1000n);

export const timetzFunctions: readonly FunctionEntry[] = [
  operator('+', 'Sum; also of dates and times with intervals.', [
    on([date, timetz], timestamptz, { op: 'datetimetz_pl', fold: values(onDate) }),
    on([timetz, date], timestamptz, {
      op: 'timetzdate_pl',
      fold: values((value: string, days: number) => onDate(days, value)),
    }),
    on([timetz, interval], timetz, {
      op: 'timetz_pl_interval',
      fold: values((value: string, i: IntervalValue) => moved(value, i.micros)),
    }),
    on([interval, timetz], timetz, {
      op: 'interval_pl_timetz',
      fold: values((i: IntervalValue, value: string) => moved(value, i.micros)),
    }),
  ]),
  operator('-', 'Difference; also of dates and times, and with intervals.', [
    on([timetz, interval], timetz, {
      op: 'timetz_mi_interval',
      fold: values((value: string, i: IntervalValue) => moved(value, -i.micros)),
    }),
  ]),
  scalar('timezone', 'What `AT TIME ZONE` means.', [
    on([text, timetz], timetz, {
      op: 'timezone(text, timetz)',
      volatility: 'stable',
      fold: values((zone: string, value: string) => inOffset(value, offsetNow(zone))),
    }),
    on([interval, timetz], timetz, {
      op: 'timezone(interval, timetz)',
      fold: values((zone: IntervalValue, value: string) => inOffset(value, Number(zone.micros / 1_000_000n))),
    }),
  ]),
  scalar('timetz', 'What a cast to timetz(n) keeps: n digits of the second.', [
    on([timetz, int4], timetz, {
      fold: values((value: string, digits: number): Value => {
        const { time, offset } = parseTimetzText(value);
        return printTimetz({ time: roundedTo(time, digits), offset });
      }),
    }),
  ]),
  scalar('timetz_sort_key', 'A text in whose order times with a zone stand: what ORDER BY sorts by.', [
    on([timetz], text, { fold: values(timetzSortKey) }),
  ]),
];
