// JSON as values: what a jsonb text holds once it is read, and how the kinds of values are told apart.
import type { NumericValue } from '../../registry/overload.js';

/** Objects have their keys in jsonb's order: shorter ones first, then byte by byte. */
export type Json = null | boolean | string | NumericValue | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export type JsonObject = ReadonlyMap<string, Json>;

export type JsonKind = 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object';

export const isArray = (value: Json): value is JsonArray => Array.isArray(value);
export const isObject = (value: Json): value is JsonObject => value instanceof Map;
export const isNumber = (value: Json): value is NumericValue =>
  typeof value === 'object' && value !== null && 'unscaled' in value;
export const isContainer = (value: Json): value is JsonArray | JsonObject => isArray(value) || isObject(value);

/** As `jsonb_typeof` says it. */
export function kindOf(value: Json): JsonKind {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  return isArray(value) ? 'array' : isObject(value) ? 'object' : 'number';
}
