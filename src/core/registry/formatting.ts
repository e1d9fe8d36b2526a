// Formatting: values to texts by templates, and back.
import { types } from '../sql-type.js';
import { formatFloat, formatNumeric } from '../value/formatting/format-number.js';
import { formatTime } from '../value/formatting/format-time.js';
import { readNumber } from '../value/formatting/read-number.js';
import { readDate, readInstant } from '../value/formatting/read-time.js';
import { toNumeric } from '../value/numeric.js';
import { chapter, on, values } from './define.js';
import type { FunctionEntry, NumericValue, Value } from './overload.js';

const scalar = chapter('formatting', 'scalar');
const { text, date, timestamp, timestamptz, interval, int4, int8, float4, float8, numeric } = types;

export const formattingFunctions: readonly FunctionEntry[] = [
  scalar(
    'to_char',
    'A time or number as a template shows it.',
    [
      ...[timestamp, timestamptz, interval].map((type) =>
        on([type, text], text, {
          op: `to_char(${type.kind})`,
          volatility: 'stable',
          fold: values((value: Value, template: string) => formatTime(value, type, template)),
        }),
      ),
      ...[int4, int8].map((type) =>
        on([type, text], text, {
          op: `to_char(${type.kind})`,
          fold: values((n: number | bigint, template: string) => formatNumeric(toNumeric(n), template)),
        }),
      ),
      on([numeric, text], text, {
        op: 'to_char(numeric)',
        fold: values((n: NumericValue, template: string) => formatNumeric(n, template)),
      }),
      on([float4, text], text, {
        op: 'to_char(float4)',
        fold: values((x: number, template: string) => formatFloat(x, template, 6)),
      }),
      on([float8, text], text, {
        op: 'to_char(float8)',
        fold: values((x: number, template: string) => formatFloat(x, template, 15)),
      }),
    ],
    { example: { sql: "to_char(125.8, '999D9')", result: ' 125.8' } },
  ),
  scalar('to_date', 'The date that a text shows in the form of a template.', [
    on([text, text], date, { fold: values(readDate) }),
  ]),
  scalar('to_timestamp', 'The time that a text shows in the form of a template.', [
    on([text, text], timestamptz, { op: 'to_timestamp(text, text)', volatility: 'stable', fold: values(readInstant) }),
  ]),
  scalar('to_number', 'The number that a text shows in the form of a template.', [
    on([text, text], numeric, { fold: values(readNumber) }),
  ]),
];
