// JSON: the operators and functions that read parts of json and jsonb.
import { listOf, type SqlType, types } from '../sql-type.js';
import { changeAt, concatJsonb, containsJsonb, deleteElement, deleteKeys, hasKey } from '../value/json/edit-jsonb.js';
import type { Json } from '../value/json/json.js';
import { jsonbSortKey, parseJsonb, prettyJsonb, printJsonb } from '../value/json/jsonb.js';
import {
  arrayLength,
  atPath,
  elementAt,
  type JsonPlace,
  type JsonReader,
  jsonbReader,
  jsonReader,
  stripJson,
  stripJsonb,
} from '../value/json/read-json.js';
import { chapter, type Draft, on, values } from './define.js';
import type { FunctionEntry, Overload, Value } from './overload.js';

const operator = chapter('json', 'operator');
const scalar = chapter('json', 'scalar');
const { text, bool, int4, bytea, json, jsonb } = types;
const texts = listOf(text);

type Path = readonly (string | null)[];
/** What a function makes of a value: JSON of its type, or text. */
type Way = 'json' | 'text';

/** A draft for json and one for jsonb, whose meanings differ in how they read only. */
export function forBoth(draft: (type: SqlType, reader: JsonReader<unknown>) => Draft): Draft[] {
  return [draft(json, jsonReader as JsonReader<unknown>), draft(jsonb, jsonbReader as JsonReader<unknown>)];
}

/** The part that `find` finds, as JSON or as text; NULL where there is none. */
const part =
  (reader: JsonReader<unknown>, way: Way, find: (value: unknown, args: readonly Value[]) => unknown) =>
  (args: readonly Value[]): Value => {
    const found = find(reader.parse(args[0] as string), args);
    if (found === undefined) return null;
    return way === 'text' ? reader.text(found) : reader.print(found);
  };

const field = (way: Way, op: string): Draft[] =>
  forBoth((type, reader) =>
    on([type, text], way === 'text' ? text : type, {
      op: `${type.kind}_object_${op}`,
      fold: part(reader, way, (value, [, key]) => reader.field(value, key as string)),
    }),
  );
const element = (way: Way, op: string): Draft[] =>
  forBoth((type, reader) =>
    on([type, int4], way === 'text' ? text : type, {
      op: `${type.kind}_array_${op}`,
      fold: part(reader, way, (value, [, index]) => elementAt(reader, value, index as number)),
    }),
  );
const path = (way: Way, op: string): Draft[] =>
  forBoth((type, reader) =>
    on([type, texts], way === 'text' ? text : type, {
      op: `${type.kind}_${op}`,
      fold: part(reader, way, (value, [, steps]) => atPath(reader, value, steps as Path)),
    }),
  );

/** The steps as arguments of their own. */
const pathFunction = (type: SqlType, reader: JsonReader<unknown>, way: Way): Draft =>
  on([type, text], way === 'text' ? text : type, {
    variadic: true,
    op: `${type.kind}_extract_path${way === 'text' ? '_text' : ''}(variadic)`,
    fold: part(reader, way, (value, [, ...steps]) => atPath(reader, value, steps as Path)),
  });

/** Of jsonb arguments, by their values. */
const onJsonb = (fold: (target: Json, ...rest: Value[]) => Value): NonNullable<Overload['fold']> =>
  values((target: string, ...rest: Value[]) => fold(parseJsonb(target), ...rest));
const edited = (fold: (target: Json, ...rest: Value[]) => Json): NonNullable<Overload['fold']> =>
  onJsonb((target, ...rest) => printJsonb(fold(target, ...rest)));

const of = (reader: JsonReader<unknown>, fold: (value: unknown) => Value): NonNullable<Overload['fold']> =>
  values((value: string) => fold(reader.parse(value)));

const perType = (
  name: string,
  description: string,
  draft: (type: SqlType, reader: JsonReader<unknown>) => Draft,
  example?: { sql: string; result: string },
): FunctionEntry[] =>
  [jsonReader as JsonReader<unknown>, jsonbReader as JsonReader<unknown>].map((reader, i) => {
    const type = i === 0 ? json : jsonb;
    return scalar(`${type.kind}_${name}`, description, [draft(type, reader)], example && i === 1 ? { example } : {});
  });

export const jsonAccessFunctions: readonly FunctionEntry[] = [
  operator(
    '->',
    'The field of a key, or the element at a position (from 0, or from the end where negative), as JSON.',
    [...field('json', 'field'), ...element('json', 'element')],
    { example: { sql: `'{"a": [1, 2]}'::jsonb -> 'a'`, result: '[1, 2]' } },
  ),
  operator(
    '->>',
    'The field of a key, or the element at a position, as text.',
    [...field('text', 'field_text'), ...element('text', 'element_text')],
    { example: { sql: `'{"a": "x"}'::jsonb ->> 'a'`, result: 'x' } },
  ),
  operator('#>', 'What a path of keys and positions leads to, as JSON.', path('json', 'extract_path'), {
    example: { sql: `'{"a": [1, 2]}'::jsonb #> '{a,1}'`, result: '2' },
  }),
  operator('#>>', 'What a path of keys and positions leads to, as text.', path('text', 'extract_path_text'), {
    example: { sql: `'{"a": ["x"]}'::jsonb #>> '{a,0}'`, result: 'x' },
  }),
  ...perType('extract_path', 'What a path of keys and positions leads to, as JSON.', (type, reader) =>
    pathFunction(type, reader, 'json'),
  ),
  ...perType('extract_path_text', 'What a path of keys and positions leads to, as text.', (type, reader) =>
    pathFunction(type, reader, 'text'),
  ),
  ...perType(
    'array_length',
    'Number of elements of a JSON array.',
    (type, reader) => on([type], int4, { fold: of(reader, (value) => arrayLength(reader, value)) }),
    { sql: `jsonb_array_length('[1, 2]')`, result: '2' },
  ),
  ...perType(
    'typeof',
    'The kind of a JSON value: object, array, string, number, boolean or null.',
    (type, reader) => on([type], text, { fold: of(reader, (value) => reader.kind(value)) }),
    { sql: `jsonb_typeof('[1, 2]')`, result: 'array' },
  ),
  scalar('json_strip_nulls', 'The JSON without members that are null, at any depth.', [
    on([json], json, { fold: values((value: string) => stripJson(jsonReader.parse(value) as JsonPlace)) }),
  ]),
  scalar(
    'jsonb_strip_nulls',
    'The JSON without members that are null, at any depth.',
    [on([jsonb], jsonb, { fold: edited(stripJsonb) })],
    { example: { sql: `jsonb_strip_nulls('{"a": null, "b": [null]}')`, result: '{"b": [null]}' } },
  ),
  scalar('jsonb_pretty', 'The JSON on lines of its own for each part, indented.', [
    on([jsonb], text, { fold: onJsonb((value) => prettyJsonb(value)) }),
  ]),
  scalar('jsonb_sort_key', 'Bytes in whose order jsonb values stand: what ORDER BY sorts by.', [
    on([jsonb], bytea, { fold: onJsonb((value) => jsonbSortKey(value)) }),
  ]),
  operator(
    '@>',
    'Whether the first JSON contains the second.',
    [
      on([jsonb, jsonb], bool, {
        op: 'jsonb_contains',
        fold: onJsonb((a, b) => containsJsonb(a, parseJsonb(b as string))),
      }),
    ],
    { example: { sql: `'{"a": 1, "b": 2}'::jsonb @> '{"b": 2}'`, result: 'true' } },
  ),
  operator('<@', 'Whether the first JSON is contained in the second.', [
    on([jsonb, jsonb], bool, {
      op: 'jsonb_contained',
      fold: onJsonb((a, b) => containsJsonb(parseJsonb(b as string), a)),
    }),
  ]),
  operator(
    '?',
    'Whether the text is a key of the object, or a string of the array.',
    [on([jsonb, text], bool, { op: 'jsonb_exists', fold: onJsonb((a, key) => hasKey(a, key as string)) })],
    { example: { sql: `'["a", "b"]'::jsonb ? 'b'`, result: 'true' } },
  ),
  operator('?|', 'Whether any of the texts is a key of the object, or a string of the array.', [
    on([jsonb, texts], bool, {
      op: 'jsonb_exists_any',
      fold: onJsonb((a, keys) => (keys as Path).some((key) => key !== null && hasKey(a, key))),
    }),
  ]),
  operator('?&', 'Whether all of the texts are keys of the object, or strings of the array.', [
    on([jsonb, texts], bool, {
      op: 'jsonb_exists_all',
      fold: onJsonb((a, keys) => (keys as Path).every((key) => key === null || hasKey(a, key))),
    }),
  ]),
  operator('||', 'JSON objects merged; of other JSON, arrays joined.', [
    on([jsonb, jsonb], jsonb, { op: 'jsonb_concat', fold: edited((a, b) => concatJsonb(a, parseJsonb(b as string))) }),
  ]),
  operator('-', 'The JSON without a key, without some keys, or without the element at a position.', [
    on([jsonb, text], jsonb, { op: 'jsonb_delete', fold: edited((a, key) => deleteKeys(a, [key as string])) }),
    on([jsonb, texts], jsonb, {
      op: 'jsonb_delete(text[])',
      fold: edited((a, keys) => deleteKeys(a, keys as Path)),
    }),
    on([jsonb, int4], jsonb, {
      op: 'jsonb_delete(int4)',
      fold: edited((a, index) => deleteElement(a, index as number)),
    }),
  ]),
  operator('#-', 'The JSON without what a path leads to.', [
    on([jsonb, texts], jsonb, {
      op: 'jsonb_delete_path',
      fold: edited((a, steps) => changeAt(a, steps as Path, 'delete', null)),
    }),
  ]),
];
