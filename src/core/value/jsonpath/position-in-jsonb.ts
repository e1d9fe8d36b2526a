// Where an object stands in jsonb's binary form, in bytes from its root: the `id` that jsonpath's keyvalue() shows.
import type { NumericValue } from '../../registry/overload.js';
import { isArray, isNumber, isObject, type Json } from '../json/json.js';

const aligned = (at: number): number => (at + 3) & ~3;

/** 0 for an object that is no part of the root. */
export function positionInJsonb(wanted: Json, root: Json): number {
  let found = 0;
  /** The end of a value that begins at `at`. */
  const place = (value: Json, at: number): number => {
    if (value === null || typeof value === 'boolean') return at;
    if (typeof value === 'string') return at + Buffer.byteLength(value);
    if (isNumber(value)) return aligned(at) + numericSize(value);
    const start = aligned(at);
    if (value === wanted) found = start;
    if (isObject(value)) {
      // A word for itself and for each key and value, then the keys, then the values.
      let end = start + 4 + 8 * value.size;
      for (const key of value.keys()) end += Buffer.byteLength(key);
      for (const member of value.values()) end = place(member, end);
      return end;
    }
    let end = start + 4 + 4 * value.length;
    for (const element of value) end = place(element, end);
    return end;
  };
  if (isArray(root) || isObject(root)) place(root, 0);
  return found;
}

/** Two headers and two bytes per four digits; zeros at the ends take none. */
function numericSize({ unscaled, scale }: NumericValue): number {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale).replace(/^0+/, '');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const groups = [
    ...(whole.padStart(Math.ceil(whole.length / 4) * 4, '0').match(/.{4}/g) ?? []),
    ...(fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0').match(/.{4}/g) ?? []),
  ];
  let from = 0;
  let to = groups.length;
  while (from < to && groups[from] === '0000') from++;
  while (to > from && groups[to - 1] === '0000') to--;
  const isShort = scale <= 63 && Math.ceil(whole.length / 4) <= 64;
  return (isShort ? 6 : 8) + 2 * (to - from);
}
