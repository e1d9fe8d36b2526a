// Formatting: values to texts by templates, and back.
import { type SqlType, types } from '../sql-type.js';
import { splitTimestamp } from '../value/datetime.js';
import { floatToFormat, formatNumber, formatTime } from '../value/formatting.js';
import { toNumeric } from '../value/numeric.js';
import { readNumber, readTime } from '../value/read-format.js';
import { chapter, type Draft, on, values } from './define.js';
import type { FunctionEntry, NumericValue, Value } from './overload.js';

const scalar = chapter('formatting', 'scalar');
const { text, date, timestamp, timestamptz, interval, int4, int8, float4, float8, numeric } = types;

const ofNumber = (type: SqlType, exact: (x: Value, template: string) => NumericValue): Draft =>
  on([type, text], text, {
    op: `to_char(${type.kind})`,
    fold: ([x, template]) => formatNumber(exact(x!, template as string), template as string),
  });

export const formattingFunctions: readonly FunctionEntry[] = [
  scalar(
    'to_char',
    'A time or number as a template shows it.',
    [
      ...[timestamp, timestamptz, interval].map((type) =>
        on([type, text], text, {
          op: `to_char(${type.kind})`,
          fold: values((value: Value, template: string) => formatTime(value, type, template)),
        }),
      ),
      ofNumber(int4, (x) => toNumeric(x as number)),
      ofNumber(int8, (x) => toNumeric(x as bigint)),
      ofNumber(numeric, (x) => x as NumericValue),
      ofNumber(float4, (x, template) => floatToFormat(x as number, 6, template)),
      ofNumber(float8, (x, template) => floatToFormat(x as number, 15, template)),
    ],
    { example: { sql: "to_char(125.8, '999D9')", result: ' 125.8' } },
  ),
  scalar('to_date', 'The date that a text shows in the form of a template.', [
    on([text, text], date, {
      fold: values((s: string, template: string) => splitTimestamp(readTime(s, template)).days),
    }),
  ]),
  scalar('to_timestamp', 'The time that a text shows in the form of a template.', [
    on([text, text], timestamptz, { op: 'to_timestamp(text, text)', fold: values(readTime) }),
  ]),
  scalar('to_number', 'The number that a text shows in the form of a template.', [
    on([text, text], numeric, { fold: values(readNumber) }),
  ]),
];
