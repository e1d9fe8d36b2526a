// Changes to jsonb: concatenation, deletion, jsonb_set and jsonb_insert; and containment.
import { fail } from '../../diagnostic.js';
import { isArray, isContainer, isObject, type Json, type JsonArray, kindOf } from './json.js';
import { sameJsonb, toObject } from './jsonb.js';
import { toIndex, wrongKind } from './read-json.js';

/** `a || b`: objects are merged; otherwise both are arrays, or become arrays of one. */
export function concatJsonb(a: Json, b: Json): Json {
  if (isObject(a) && isObject(b)) return toObject([...a, ...b]);
  const list = (value: Json): JsonArray => (isArray(value) ? value : [value]);
  return [...list(a), ...list(b)];
}

const fromScalar = () => wrongKind('cannot delete from scalar');

/** `target - keys`: members of an object, or the strings of an array. */
export function deleteKeys(target: Json, keys: readonly (string | null)[]): Json {
  const gone = new Set(keys);
  if (isObject(target)) return new Map([...target].filter(([key]) => !gone.has(key)));
  if (isArray(target)) return target.filter((element) => typeof element !== 'string' || !gone.has(element));
  throw fromScalar();
}

export function deleteElement(target: Json, index: number): Json {
  if (isObject(target)) throw wrongKind('cannot delete from object using integer index');
  if (!isArray(target)) throw fromScalar();
  const at = index < 0 ? target.length + index : index;
  return target.filter((_, i) => i !== at);
}

export type Change = 'replace' | 'create' | 'insert before' | 'insert after' | 'delete';
type Path = readonly (string | null)[];

/** What `change` does at the end of a path; what the path does not reach stays as it is. */
export function changeAt(target: Json, path: Path, change: Change, value: Json): Json {
  if (!isContainer(target))
    throw wrongKind(change === 'delete' ? 'cannot delete path in scalar' : 'cannot set path in scalar');
  const isEmpty = isArray(target) ? target.length === 0 : target.size === 0;
  if (path.length === 0 || (isEmpty && (change === 'replace' || change === 'delete'))) return target;
  return changed(target, path, 0, change, value);
}

const creates = (change: Change): boolean => change !== 'replace' && change !== 'delete';

function changed(target: Json, path: Path, level: number, change: Change, value: Json): Json {
  if (!isContainer(target)) return target;
  const step = path[level];
  if (step === null || step === undefined)
    throw fail('null_value_not_allowed', `path element at position ${level + 1} is null`);
  const last = level === path.length - 1;
  if (isObject(target)) {
    const found = target.get(step);
    if (found === undefined) return last && creates(change) ? toObject([...target, [step, value]]) : target;
    if (!last) return new Map(target).set(step, changed(found, path, level + 1, change, value));
    if (change === 'delete') return new Map([...target].filter(([key]) => key !== step));
    if (change.startsWith('insert'))
      throw fail('invalid_parameter_value', 'cannot replace existing key', {
        hint: 'Try using the function jsonb_set to replace key value.',
      });
    return new Map(target).set(step, value);
  }
  const index = toIndex(step);
  if (index === undefined)
    throw fail('invalid_text_representation', `path element at position ${level + 1} is not an integer: "${step}"`);
  const at = index < 0 ? target.length + index : index;
  const before = target.slice(0, Math.max(at, 0));
  const after = target.slice(Math.max(at, 0) + 1);
  if (at < 0 || at >= target.length) {
    if (!last || !creates(change)) return target;
    return at < 0 ? [value, ...target] : [...target, value];
  }
  const found = target[at]!;
  if (!last) return [...before, changed(found, path, level + 1, change, value), ...after];
  switch (change) {
    case 'delete':
      return [...before, ...after];
    case 'insert before':
      return [...before, value, found, ...after];
    case 'insert after':
      return [...before, found, value, ...after];
    default:
      return [...before, value, ...after];
  }
}

/** `whole @> part`. */
export function containsJsonb(whole: Json, part: Json): boolean {
  // An array contains its scalars.
  if (isArray(whole) && !isContainer(part)) return whole.some((e) => !isContainer(e) && sameJsonb(e, part));
  return contains(whole, part);
}

function contains(whole: Json, part: Json): boolean {
  if (kindOf(whole) !== kindOf(part)) return false;
  if (isObject(part) && isObject(whole))
    return [...part].every(([key, member]) => {
      const found = whole.get(key);
      return found !== undefined && contains(found, member);
    });
  if (isArray(part) && isArray(whole)) return part.every((p) => whole.some((w) => contains(w, p)));
  return sameJsonb(whole, part);
}

/** `target ? key`: a member's key, an array's string, or the string itself. */
export function hasKey(target: Json, key: string): boolean {
  if (isObject(target)) return target.has(key);
  return isArray(target) ? target.includes(key) : target === key;
}
