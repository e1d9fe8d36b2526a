// JSON: the aggregates that make arrays and objects of rows.
import { fail } from '../diagnostic.js';
import { type SqlType, types } from '../sql-type.js';
import type { Json } from '../value/json/json.js';
import { printJsonb, quoteJson, toObject } from '../value/json/jsonb.js';
import { formOf, toJsonb, toJsonText } from '../value/json/to-json.js';
import { chapter, on } from './define.js';
import { keyOf } from './json-functions.js';
import type { Accumulator, FunctionEntry, RenderContext, Value } from './overload.js';

const aggregate = chapter('aggregate', 'aggregate');
const { json, jsonb } = types;
const lax = { strict: false, volatility: 'stable' } as const;

/** The parts of all rows joined at the end; NULL of no rows. */
function collecting<T>(part: (args: readonly Value[], first: boolean) => T, finish: (parts: readonly T[]) => Value) {
  const parts: T[] = [];
  return {
    add: (args: readonly Value[]) => {
      parts.push(part(args, parts.length === 0));
    },
    result: (): Value => (parts.length === 0 ? null : finish(parts)),
  } satisfies Accumulator;
}

/** Arrays and records begin lines of their own, but the first. */
const startsLine = (type: SqlType): boolean => formOf(type) === 'array' || formOf(type) === 'record';

const objectKey = (key: Value, type: SqlType): string => {
  if (key === null) throw fail('invalid_parameter_value', 'field name must not be null');
  return keyOf(key, type, 'field name');
};

export const jsonAggregates: readonly FunctionEntry[] = [
  aggregate('json_agg', 'All values, NULLs too, as a json array; NULL of no rows.', [
    on(['anyelement'], json, {
      ...lax,
      accumulate: ({ argTypes: [type] }: RenderContext) =>
        collecting(
          ([value], first) => {
            const line = !first && value !== null && startsLine(type!) ? '\n ' : '';
            return line + toJsonText(value!, type!);
          },
          (parts) => `[${parts.join(', ')}]`,
        ),
    }),
  ]),
  aggregate('jsonb_agg', 'All values, NULLs too, as a jsonb array; NULL of no rows.', [
    on(['anyelement'], jsonb, {
      ...lax,
      accumulate: ({ argTypes: [type] }: RenderContext) =>
        collecting<Json>(([value]) => toJsonb(value!, type!), printJsonb),
    }),
  ]),
  aggregate('json_object_agg', 'Pairs of keys and values as a json object; NULL of no rows.', [
    on(['any', 'any'], json, {
      ...lax,
      accumulate: ({ argTypes: [of, type] }: RenderContext) =>
        collecting(
          ([key, value]) => `${quoteJson(objectKey(key!, of!))} : ${toJsonText(value!, type!)}`,
          (parts) => `{ ${parts.join(', ')} }`,
        ),
    }),
  ]),
  aggregate('jsonb_object_agg', 'Pairs of keys and values as a jsonb object; NULL of no rows.', [
    on(['any', 'any'], jsonb, {
      ...lax,
      accumulate: ({ argTypes: [of, type] }: RenderContext) =>
        collecting<readonly [string, Json]>(
          ([key, value]) => [objectKey(key!, of!), toJsonb(value!, type!)],
          (parts) => printJsonb(toObject(parts)),
        ),
    }),
  ]),
];
