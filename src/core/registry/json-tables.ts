// JSON: functions that give rows of the parts of JSON, and that fill records from it.
import { fail } from '../diagnostic.js';
import { type SqlType, types } from '../sql-type.js';
import { fromJson, recordOf } from '../value/json/from-json.js';
import { elementsOf, type JsonReader, jsonbReader, jsonReader, membersOf, wrongKind } from '../value/json/read-json.js';
import { chapter, on, parametersOf } from './define.js';
import type { FunctionEntry, StructValue, Value } from './overload.js';

const table = chapter('json', 'table');
const scalar = chapter('json', 'scalar');
const { text, bool, json, jsonb } = types;

type Reader = JsonReader<unknown>;
const both: readonly (readonly [SqlType, Reader])[] = [
  [json, jsonReader as Reader],
  [jsonb, jsonbReader as Reader],
];

const row = (fields: readonly (readonly [string, SqlType])[]): SqlType => ({
  kind: 'struct',
  row: true,
  fields: fields.map(([name, type]) => ({ name, type })),
});

/** A record whose fields the call says: its first argument's, or those of the column definitions after it. */
const record: SqlType = { kind: 'struct', row: true, fields: [] };
type RecordType = Extract<SqlType, { kind: 'struct' }>;

const perElement = (text: boolean) => (reader: Reader, type: SqlType, name: string) => {
  const of = text ? reader.text : reader.print;
  return on([type], text ? types.text : type, {
    fold: ([value]) => elementsOf(reader, reader.parse(value as string), name).map(of),
  });
};

const perMember = (asText: boolean) => (reader: Reader, type: SqlType, name: string) => {
  const of = asText ? reader.text : reader.print;
  const returns = row([
    ['key', text],
    ['value', asText ? text : type],
  ]);
  return on([type], returns, {
    fold: ([value]): Value =>
      membersOf(reader, reader.parse(value as string), name).map(([key, member]) => ({ fields: [key, of(member)] })),
  });
};

/** The element type of what a set-returning call gives is its row type. */
const rowType = (type: SqlType): RecordType => (type.kind === 'list' ? type.element : type) as RecordType;

/** @throws DiagnosticError 0A000 where neither the argument nor column definitions say what the record has */
function knownRow(type: SqlType, name: string): RecordType {
  const of = rowType(type);
  if (of.fields.length > 0) return of;
  throw fail('feature_not_supported', `could not determine row type for result of ${name}`, {
    hint: 'Provide a non-null record argument, or call the function in the FROM clause using a column definition list.',
  });
}

function recordsOf(reader: Reader, value: Value, name: string, of: SqlType, base: Value): Value {
  const type = knownRow(of, name);
  const parsed = reader.parse(value as string);
  const kind = reader.kind(parsed);
  if (kind !== 'array') throw wrongKind(`cannot call ${name} on ${kind === 'object' ? 'an object' : 'a scalar'}`);
  return reader.elements(parsed).map((element): StructValue => {
    if (reader.kind(element) !== 'object') throw wrongKind(`argument of ${name} must be an array of objects`);
    return recordOf(reader, element, type, base);
  });
}

function one(reader: Reader, value: Value, type: RecordType, base: Value): Value {
  return fromJson(reader, reader.parse(value as string), type, base);
}

export const jsonTableFunctions: readonly FunctionEntry[] = both.flatMap(([type, reader]) => {
  const { kind } = type;
  const named = (suffix: string) => `${kind}_${suffix}`;
  const perRow = (
    suffix: string,
    description: string,
    draft: (reader: Reader, type: SqlType, name: string) => ReturnType<typeof on>,
    more: Parameters<typeof table>[3] = {},
  ) => table(named(suffix), description, [draft(reader, type, named(suffix))], more);
  const ofFromJson = parametersOf('from_json');
  /** `use_json_as_text` of json's is ignored, as PostgreSQL ignores it. */
  const parameters =
    kind === 'json'
      ? { parameters: [{ name: 'base' }, { name: 'from_json' }, { name: 'use_json_as_text', default: false }] }
      : {};
  const populated = kind === 'json' ? (['anyelement', type, bool] as const) : (['anyelement', type] as const);
  return [
    perRow('array_elements', 'One row per element of a JSON array.', perElement(false), {
      column: 'value',
      ...ofFromJson,
    }),
    perRow('array_elements_text', 'One row per element of a JSON array, as text.', perElement(true), {
      column: 'value',
      ...ofFromJson,
    }),
    perRow('each', 'A key and a value per member of a JSON object.', perMember(false), ofFromJson),
    perRow('each_text', 'A key and a value, as text, per member of a JSON object.', perMember(true), ofFromJson),
    perRow('object_keys', 'The keys of a JSON object.', (_, of, name) =>
      on([of], text, {
        fold: ([value]) => membersOf(reader, reader.parse(value as string), name).map(([key]) => key),
      }),
    ),
    scalar(
      named('populate_record'),
      'The record of the first argument, its fields taken from a JSON object where that has them.',
      [
        on(populated, (argTypes) => argTypes[0]!, {
          strict: false,
          volatility: 'stable',
          fold: ([base, value], { type: of }) =>
            value === null ? base! : one(reader, value!, knownRow(of, named('populate_record')), base!),
        }),
      ],
      parameters,
    ),
    table(
      named('populate_recordset'),
      'Records as of the first argument, one per object of a JSON array.',
      [
        on(populated, (argTypes) => argTypes[0]!, {
          strict: false,
          volatility: 'stable',
          fold: ([base, value], { type: of }) =>
            value === null ? [] : recordsOf(reader, value!, named('populate_recordset'), of, base!),
        }),
      ],
      parameters,
    ),
    scalar(named('to_record'), 'The record that column definitions describe, of a JSON object.', [
      on([type], record, {
        volatility: 'stable',
        fold: ([value], { type: of }) => one(reader, value!, rowType(of), null),
      }),
    ]),
    table(named('to_recordset'), 'Records that column definitions describe, one per object of a JSON array.', [
      on([type], record, {
        volatility: 'stable',
        fold: ([value], { type: of }) => recordsOf(reader, value!, named('to_recordset'), of, null),
      }),
    ]),
  ];
});
