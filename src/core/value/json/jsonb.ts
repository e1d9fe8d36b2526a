// jsonb: JSON text normalised to values and printed as PostgreSQL prints them.
import type { NumericValue } from '../../registry/overload.js';
import { compareText } from '../compare-text.js';
import { parseNumeric, printNumeric } from '../numeric.js';
import { isArray, isNumber, isObject, type Json, type JsonObject } from './json.js';
import { type JsonNode, scanJson, stringOf } from './scan-json.js';

/** jsonb's order of keys: shorter ones first, then byte by byte. */
export function compareKeys(a: string, b: string): number {
  return Math.sign(byteLength(a) - byteLength(b)) || compareText(a, b);
}

/** Counted here for short ASCII, as keys are. */
function byteLength(text: string): number {
  if (text.length > 32) return Buffer.byteLength(text);
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return Buffer.byteLength(text);
  return text.length;
}

/** Keys sorted; of equal keys the last one stays. */
export function toObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  const last = new Map(entries);
  if (last.size < 2) return last;
  const keys = [...last.keys()];
  if (keys.every((key, i) => i === 0 || compareKeys(keys[i - 1]!, key) < 0)) return last;
  return new Map(keys.sort(compareKeys).map((key) => [key, last.get(key)!]));
}

/** The value that a place in a JSON text holds. */
export function valueAt(text: string, node: JsonNode): Json {
  switch (node.kind) {
    case 'null':
      return null;
    case 'boolean':
      return text[node.start] === 't';
    case 'string':
      return stringOf(text, node);
    case 'number':
      return parseNumeric(text.slice(node.start, node.end))!;
    case 'array':
      return node.elements.map((element) => valueAt(text, element));
    case 'object':
      return toObject(node.members.map(({ key, value }) => [stringOf(text, key), valueAt(text, value)] as const));
  }
}

/** Constants beside columns are asked for again and again, between texts that differ. */
const recent: { readonly text: string; readonly value: Json }[] = [];
const mostRecent = 4;
const longestRecent = 10_000;

/** Of any JSON text. */
export function parseJsonb(text: string): Json {
  if (text.length > longestRecent) return valueAt(text, scanJson(text));
  const at = recent.findIndex((r) => r.text === text);
  if (at === 0) return recent[0]!.value;
  const found = at > 0 ? recent.splice(at, 1)[0]! : { text, value: valueAt(text, scanJson(text)) };
  recent.unshift(found);
  if (recent.length > mostRecent) recent.pop();
  return found.value;
}

/** `"a\nb"` with only what must be escaped. */
export function quoteJson(text: string): string {
  // JSON.stringify escapes the same characters and, beyond, only halves of surrogate pairs, which no text has.
  return JSON.stringify(text);
}

/** jsonb's text: a blank after colons and commas. */
export function printJsonb(value: Json): string {
  return print(value, printNumeric);
}

/** The same text for all values that are equal: `1.0` is `1`. */
export function jsonbKey(value: Json): string {
  return print(value, (n) => (n.scale > 0 ? printNumeric(n).replace(/\.?0+$/, '') : printNumeric(n)));
}

function print(value: Json, number: (value: NumericValue) => string): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quoteJson(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isNumber(value)) return number(value);
  if (isArray(value)) return `[${value.map((element) => print(element, number)).join(', ')}]`;
  return `{${[...value].map(([key, member]) => `${quoteJson(key)}: ${print(member, number)}`).join(', ')}}`;
}

/** `jsonb_pretty`: four blanks a level. */
export function prettyJsonb(value: Json, indent = ''): string {
  const inner = `${indent}    `;
  if (isArray(value)) {
    if (value.length === 0) return `[\n${indent}]`;
    return `[\n${value.map((element) => inner + prettyJsonb(element, inner)).join(',\n')}\n${indent}]`;
  }
  if (isObject(value)) {
    if (value.size === 0) return `{\n${indent}}`;
    const members = [...value].map(([key, member]) => `${inner}${quoteJson(key)}: ${prettyJsonb(member, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return printJsonb(value);
}

const typeRank = { null: 0, string: 1, number: 2, boolean: 3, array: 16, object: 17 } as const;

/**
 * Bytes in whose order jsonb values stand: objects above arrays above booleans, numbers, strings and null; fewer members first. At
 * the top a scalar counts as an array of one.
 */
export function jsonbSortKey(value: Json): Uint8Array {
  const out: number[] = [];
  if (isObject(value)) putSortKey(value, out);
  else {
    const elements = isArray(value) ? value : [value];
    putCount(typeRank.array, elements.length, out);
    out.push(isArray(value) ? 1 : 0);
    for (const element of elements) putSortKey(element, out);
  }
  return Uint8Array.from(out);
}

function putCount(rank: number, count: number, out: number[]): void {
  out.push(rank, (count >>> 24) & 255, (count >>> 16) & 255, (count >>> 8) & 255, count & 255);
}

function putText(text: string, out: number[]): void {
  for (const byte of Buffer.from(text)) out.push(byte);
  out.push(0);
}

function putSortKey(value: Json, out: number[]): void {
  if (value === null) out.push(typeRank.null);
  else if (typeof value === 'string') {
    out.push(typeRank.string);
    putText(value, out);
  } else if (typeof value === 'boolean') out.push(typeRank.boolean, value ? 1 : 0);
  else if (isNumber(value)) putNumber(value, out);
  else if (isArray(value)) {
    putCount(typeRank.array, value.length, out);
    for (const element of value) putSortKey(element, out);
  } else {
    putCount(typeRank.object, value.size, out);
    for (const [key, member] of value) {
      out.push(typeRank.string);
      putText(key, out);
      putSortKey(member, out);
    }
  }
}

/** Sign, power of ten of the first digit, digits; all turned around below zero. */
function putNumber({ unscaled, scale }: NumericValue, out: number[]): void {
  out.push(typeRank.number);
  if (unscaled === 0n) {
    out.push(1);
    return;
  }
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString();
  const power = digits.length - scale + 0x40000000;
  const bytes = [(power >>> 24) & 255, (power >>> 16) & 255, (power >>> 8) & 255, power & 255];
  for (const digit of digits.replace(/0+$/, '')) bytes.push(digit.charCodeAt(0));
  bytes.push(0);
  out.push(unscaled < 0n ? 0 : 2);
  for (const byte of bytes) out.push(unscaled < 0n ? 255 - byte : byte);
}

export function sameJsonb(a: Json, b: Json): boolean {
  return a === b || jsonbKey(a) === jsonbKey(b);
}
