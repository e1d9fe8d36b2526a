// Parts of JSON: fields, elements and paths, of json (places in its text) and of jsonb (values).
import { fail } from '../../diagnostic.js';
import { isArray, isObject, type Json, kindOf } from './json.js';
import { parseJsonb, printJsonb } from './jsonb.js';
import { type JsonNode, scanJson, stringOf } from './scan-json.js';

/** json and jsonb, as the functions that both have see them. */
export interface JsonReader<T> {
  parse(text: string): T;
  kind(value: T): 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object';
  elements(value: T): readonly T[];
  /** In order; json has repeated keys. */
  members(value: T): readonly (readonly [string, T])[];
  /** The last member of a key. */
  field(value: T, key: string): T | undefined;
  /** A scalar at the top has itself as its only element, in jsonb's own form. */
  readonly scalarsAreArrays: boolean;
  /** As JSON. */
  print(value: T): string;
  /** As text: a string without its quotes, `null` (the JSON) as NULL. */
  text(value: T): string | null;
}

export const jsonbReader: JsonReader<Json> = {
  scalarsAreArrays: true,
  parse: parseJsonb,
  kind: kindOf,
  elements: (value) => (isArray(value) ? value : isObject(value) ? [] : [value]),
  members: (value) => (isObject(value) ? [...value] : []),
  field: (value, key) => (isObject(value) ? value.get(key) : undefined),
  print: printJsonb,
  text: (value) => (value === null ? null : typeof value === 'string' ? value : printJsonb(value)),
};

/** A place in a text of json. */
export interface JsonPlace {
  readonly text: string;
  readonly node: JsonNode;
}

export const jsonReader: JsonReader<JsonPlace> = {
  scalarsAreArrays: false,
  parse: (text) => ({ text, node: scanJson(text) }),
  kind: ({ node }) => node.kind,
  elements: ({ text, node }) => (node.kind === 'array' ? node.elements.map((e) => ({ text, node: e })) : []),
  members: ({ text, node }) =>
    node.kind === 'object'
      ? node.members.map(({ key, value }) => [stringOf(text, key), { text, node: value }] as const)
      : [],
  field: ({ text, node }, key) => {
    if (node.kind !== 'object') return undefined;
    const found = node.members.filter((m) => stringOf(text, m.key) === key).at(-1);
    return found && { text, node: found.value };
  },
  print: ({ text, node }) => text.slice(node.start, node.end),
  text: ({ text, node }) =>
    node.kind === 'null' ? null : node.kind === 'string' ? stringOf(text, node) : text.slice(node.start, node.end),
};

/** From 0, or from the end where negative. */
export function elementAt<T>(reader: JsonReader<T>, value: T, index: number): T | undefined {
  return reader.kind(value) === 'array' || reader.scalarsAreArrays ? reader.elements(value).at(index) : undefined;
}

const integerForm = /^[ \t\n\v\f\r]*[+-]?[0-9]+$/;

/** A step of a path as a position, where it is one. */
export function toIndex(step: string): number | undefined {
  if (!integerForm.test(step)) return undefined;
  const index = Number(step);
  return Math.abs(index) <= 2147483647 ? index : undefined;
}

/** What a path of keys and positions leads to. */
export function atPath<T>(reader: JsonReader<T>, value: T, path: readonly (string | null)[]): T | undefined {
  let at: T | undefined = value;
  for (const step of path) {
    if (step === null || at === undefined) return undefined;
    switch (reader.kind(at)) {
      case 'object':
        at = reader.field(at, step);
        break;
      case 'array': {
        const index = toIndex(step);
        at = index === undefined ? undefined : elementAt(reader, at, index);
        break;
      }
      default:
        return undefined;
    }
  }
  return at;
}

export function wrongKind(message: string): Error {
  return fail('invalid_parameter_value', message);
}

export function arrayLength<T>(reader: JsonReader<T>, value: T): number {
  const kind = reader.kind(value);
  if (kind !== 'array') throw wrongKind(`cannot get array length of a ${kind === 'object' ? 'non-array' : 'scalar'}`);
  return reader.elements(value).length;
}

export function elementsOf<T>(reader: JsonReader<T>, value: T, name: string): readonly T[] {
  const kind = reader.kind(value);
  if (kind !== 'array') throw wrongKind(`cannot call ${name} on ${kind === 'object' ? 'a non-array' : 'a scalar'}`);
  return reader.elements(value);
}

export function membersOf<T>(reader: JsonReader<T>, value: T, name: string): readonly (readonly [string, T])[] {
  const kind = reader.kind(value);
  if (kind !== 'object') throw wrongKind(`cannot call ${name} on ${kind === 'array' ? 'an array' : 'a scalar'}`);
  return reader.members(value);
}

/** json without members that are null, and without blanks. */
export function stripJson({ text, node }: JsonPlace): string {
  switch (node.kind) {
    case 'array':
      return `[${node.elements.map((e) => stripJson({ text, node: e })).join(',')}]`;
    case 'object': {
      const kept = node.members.filter((m) => m.value.kind !== 'null');
      const shown = kept.map((m) => `${requoted(text, m.key)}:${stripJson({ text, node: m.value })}`);
      return `{${shown.join(',')}}`;
    }
    case 'string':
      return requoted(text, node);
    default:
      return text.slice(node.start, node.end);
  }
}

const requoted = (text: string, node: JsonNode): string => JSON.stringify(stringOf(text, { ...node, kind: 'string' }));

export function stripJsonb(value: Json): Json {
  if (isArray(value)) return value.map(stripJsonb);
  if (!isObject(value)) return value;
  return new Map([...value].filter(([, member]) => member !== null).map(([key, m]) => [key, stripJsonb(m)]));
}
