// JSON: functions that make json and jsonb of SQL values, and that change jsonb.
import { fail } from '../diagnostic.js';
import { listOf, type SqlType, types } from '../sql-type.js';
import { type Change, changeAt } from '../value/json/edit-jsonb.js';
import type { Json } from '../value/json/json.js';
import { parseJsonb, printJsonb, quoteJson, toObject } from '../value/json/jsonb.js';
import { formOf, toJsonb, toJsonText, toKey } from '../value/json/to-json.js';
import { chapter, type Draft, on } from './define.js';
import { jsonObject } from './duckdb/json.js';
import type { FunctionEntry, Overload, Value } from './overload.js';

const scalar = chapter('json', 'scalar');
const { text, bool, json, jsonb } = types;
const texts = listOf(text);
type Fold = NonNullable<Overload['fold']>;

/** Text forms of times depend on settings. */
const stable = { volatility: 'stable' } as const;
const lax = { strict: false, ...stable } as const;

const invalid = (message: string, hint?: string) => fail('invalid_parameter_value', message, { hint });

const toText = (lines: (args: readonly Value[]) => boolean): Fold => {
  return (args, { argTypes }) => toJsonText(args[0]!, argTypes[0]!, lines(args));
};

/** `key, value, key, value, …` in pairs; keys are scalars that are not NULL. */
function pairs(args: readonly Value[], argTypes: readonly SqlType[]): (readonly [string, Value, SqlType])[] {
  if (args.length % 2 === 1)
    throw invalid(
      'argument list must have even number of elements',
      'The arguments must consist of alternating keys and values.',
    );
  const found: (readonly [string, Value, SqlType])[] = [];
  for (let i = 0; i < args.length; i += 2)
    found.push([keyOf(args[i]!, argTypes[i]!, `argument ${i + 1}`), args[i + 1]!, argTypes[i + 1]!]);
  return found;
}

export function keyOf(key: Value, type: SqlType, what: string): string {
  if (key === null) throw invalid(`${what} cannot be null`, 'Object keys should be text.');
  const form = formOf(type);
  if (form === 'array' || form === 'record' || form === 'json' || form === 'jsonb')
    throw invalid('key value must be scalar, not array, composite, or json');
  return toKey(key, type);
}

/** Alternating keys and values, or pairs of them. */
const paired = (list: readonly Value[]): readonly (readonly [Value, Value])[] => {
  if (list.some(Array.isArray))
    return (list as readonly (readonly Value[])[]).map((pair) => {
      if (pair.some(Array.isArray)) throw fail('array_subscript_error', 'wrong number of array subscripts');
      if (pair.length !== 2) throw fail('array_subscript_error', 'array must have two columns');
      return [pair[0]!, pair[1]!] as const;
    });
  if (list.length % 2 === 1) throw fail('array_subscript_error', 'array must have even number of elements');
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i]!, list[2 * i + 1]!] as const);
};

const sideBySide = (keys: readonly Value[], members: readonly Value[]): readonly (readonly [Value, Value])[] => {
  if (keys.some(Array.isArray) || members.some(Array.isArray))
    throw fail('array_subscript_error', 'wrong number of array subscripts');
  if (keys.length !== members.length) throw fail('array_subscript_error', 'mismatched array dimensions');
  return keys.map((key, i) => [key, members[i]!] as const);
};

/** Objects of texts: of one list, of a list of pairs, of two lists. */
function objectOverloads(type: SqlType): Draft[] {
  const made =
    (entries: (...args: (readonly Value[])[]) => readonly (readonly [Value, Value])[]): Fold =>
    (args) => {
      const members = entries(...(args as (readonly Value[])[])).map(([key, value]) => {
        if (key === null) throw fail('null_value_not_allowed', 'null value not allowed for object key');
        return [key as string, value as string | null] as const;
      });
      if (type.kind === 'jsonb') return printJsonb(toObject(members));
      const shown = members.map(([key, v]) => `${quoteJson(key)} : ${v === null ? 'null' : quoteJson(v)}`);
      return `{${shown.join(', ')}}`;
    };
  return [on([texts], type, { fold: made(paired) }), on([texts, texts], type, { fold: made(sideBySide) })];
}

type Path = readonly (string | null)[];

/** What jsonb_set, jsonb_set_lax and jsonb_insert do with a target, a path and a new value. */
const change = (which: (flag: boolean) => Change): Fold => {
  return ([target, path, value, flag]) =>
    printJsonb(
      changeAt(parseJsonb(target as string), path as Path, which(flag as boolean), parseJsonb(value as string)),
    );
};
const setting = change((create) => (create ? 'create' : 'replace'));
const inserting = change((after) => (after ? 'insert after' : 'insert before'));

const setLax: Fold = ([target, path, value, create, treatment], context) => {
  if (target === null || path === null || create === null) return null;
  if (treatment === null)
    throw invalid('null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"');
  if (value !== null) return setting([target!, path!, value!, create!], context);
  switch (treatment) {
    case 'raise_exception':
      throw fail('null_value_not_allowed', 'JSON value must not be null', {
        detail: 'Exception was raised because null_value_treatment is "raise_exception".',
      });
    case 'use_json_null':
      return setting([target!, path!, 'null', create!], context);
    case 'delete_key':
      return printJsonb(changeAt(parseJsonb(target as string), path as Path, 'delete', null));
    case 'return_target':
      return target!;
    default:
      throw invalid(
        'null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"',
      );
  }
};

const changeParameters = (flag: string) => [
  { name: 'jsonb_in' },
  { name: 'path' },
  { name: 'replacement' },
  { name: flag, default: flag === 'create_if_missing' },
];

const record: SqlType = { kind: 'struct', fields: [] };

export const jsonFunctions: readonly FunctionEntry[] = [
  scalar('to_json', 'The value as json.', [on(['anyelement'], json, { ...stable, fold: toText(() => false) })], {
    example: { sql: 'to_json(\'a "quoted" text\'::text)', result: '"a \\"quoted\\" text"' },
  }),
  scalar('to_jsonb', 'The value as jsonb.', [
    on(['anyelement'], jsonb, {
      ...stable,
      fold: ([value], { argTypes }) => printJsonb(toJsonb(value!, argTypes[0]!)),
    }),
  ]),
  scalar('array_to_json', 'The list as json; with true as second argument, an element on each line.', [
    on(['anyarray'], json, { ...stable, fold: toText(() => false) }),
    on(['anyarray', bool], json, { ...stable, fold: toText(([, lines]) => lines === true) }),
  ]),
  scalar('row_to_json', 'The row as json; with true as second argument, a field on each line.', [
    on([record], json, { ...stable, fold: toText(() => false) }),
    on([record, bool], json, { ...stable, fold: toText(([, lines]) => lines === true) }),
  ]),
  scalar(
    'json_build_array',
    'The arguments as a json array.',
    [
      on([], json, { ...lax, op: 'json_build_array()', fold: () => '[]' }),
      on(['any'], json, {
        ...lax,
        variadic: true,
        fold: (args, { argTypes }) => `[${args.map((arg, i) => toJsonText(arg, argTypes[i]!)).join(', ')}]`,
      }),
    ],
    { example: { sql: "json_build_array(1, 'a', NULL)", result: '[1, "a", null]' } },
  ),
  scalar('jsonb_build_array', 'The arguments as a jsonb array.', [
    on([], jsonb, { ...lax, op: 'jsonb_build_array()', fold: () => '[]' }),
    on(['any'], jsonb, {
      ...lax,
      variadic: true,
      fold: (args, { argTypes }) => printJsonb(args.map((arg, i) => toJsonb(arg, argTypes[i]!))),
    }),
  ]),
  scalar(
    'json_build_object',
    'A json object of alternating keys and values.',
    [
      on([], json, { ...lax, op: 'json_build_object()', fold: () => '{}' }),
      on(['any'], json, {
        ...lax,
        variadic: true,
        duckdb: (args, { argTypes }) => jsonObject(args, argTypes),
        fold: (args, { argTypes }) =>
          `{${pairs(args, argTypes)
            .map(([key, value, type]) => `${quoteJson(key)} : ${toJsonText(value, type)}`)
            .join(', ')}}`,
      }),
    ],
    { example: { sql: "json_build_object('a', 1, 'b', NULL)", result: '{"a" : 1, "b" : null}' } },
  ),
  scalar('jsonb_build_object', 'A jsonb object of alternating keys and values.', [
    on([], jsonb, { ...lax, op: 'jsonb_build_object()', fold: () => '{}' }),
    on(['any'], jsonb, {
      ...lax,
      variadic: true,
      fold: (args, { argTypes }) =>
        printJsonb(
          toObject(pairs(args, argTypes).map(([key, value, type]): [string, Json] => [key, toJsonb(value, type)])),
        ),
    }),
  ]),
  scalar(
    'json_object',
    'A json object of texts: alternating keys and values, pairs of them, or keys and values apart.',
    objectOverloads(json),
    { example: { sql: "json_object('{a, 1, b, NULL}')", result: '{"a" : "1", "b" : null}' } },
  ),
  scalar(
    'jsonb_object',
    'A jsonb object of texts: alternating keys and values, pairs of them, or keys and values apart.',
    objectOverloads(jsonb),
  ),
  scalar(
    'jsonb_set',
    'The JSON with a new value where a path leads; where there is none yet, made unless the fourth argument is false.',
    [on([jsonb, texts, jsonb, bool], jsonb, { fold: setting })],
    {
      parameters: changeParameters('create_if_missing'),
      example: { sql: `jsonb_set('{"a": 1}', '{b}', '2')`, result: '{"a": 1, "b": 2}' },
    },
  ),
  scalar(
    'jsonb_set_lax',
    'As jsonb_set; what a new value of NULL means, the fifth argument says: use_json_null, delete_key, return_target or raise_exception.',
    [on([jsonb, texts, jsonb, bool, text], jsonb, { strict: false, fold: setLax })],
    {
      parameters: [
        ...changeParameters('create_if_missing'),
        { name: 'null_value_treatment', default: 'use_json_null' },
      ],
    },
  ),
  scalar(
    'jsonb_insert',
    'The JSON with a new element before (with true as fourth argument, after) the one a path leads to, or a new member.',
    [on([jsonb, texts, jsonb, bool], jsonb, { fold: inserting })],
    {
      parameters: changeParameters('insert_after'),
      example: { sql: `jsonb_insert('[1, 2]', '{1}', '9')`, result: '[1, 9, 2]' },
    },
  ),
];
