// Text operations of the fragment contract.
import { fail, type SqlType, types, type Value } from '../../core/index.js';
import { bothValid, flat, fromValues, type Vec, valueAt } from './vec.js';

/** A LIKE pattern as a regular expression over code points; backslash escapes. */
export function likePattern(pattern: string, ignoreCase: boolean): RegExp {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    let c = pattern[i]!;
    if (c === '%') source += '.*';
    else if (c === '_') source += '.';
    else {
      if (c === '\\') {
        i++;
        if (i === pattern.length)
          throw fail('invalid_escape_sequence', 'LIKE pattern must not end with escape character');
        c = pattern[i]!;
      }
      source += c.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'sui' : 'su');
}

export function likeVec(op: 'like' | 'ilike', text: Vec, pattern: Vec, n: number): Vec {
  const out = new Uint8Array(n);
  const valid = bothValid(text, pattern, n);
  let last: string | undefined;
  let compiled = /^/u;
  for (let i = 0; i < n; i++) {
    const value = valueAt(text, i) as string | null;
    const like = valueAt(pattern, i) as string | null;
    if (value === null || like === null) continue;
    if (like !== last) {
      compiled = likePattern(like, op === 'ilike');
      last = like;
    }
    if (compiled.test(value)) out[i] = 1;
  }
  return flat(types.bool, out, valid);
}

export function textVec(op: 'starts_with' | 'length', args: readonly Vec[], type: SqlType, n: number): Vec {
  const out: Value[] = [];
  for (let i = 0; i < n; i++) {
    const value = valueAt(args[0]!, i) as string | null;
    if (op === 'length') {
      let length = 0;
      if (value !== null) for (const _ of value) length++;
      out.push(value === null ? null : length);
    } else {
      const prefix = valueAt(args[1]!, i) as string | null;
      out.push(value === null || prefix === null ? null : value.startsWith(prefix));
    }
  }
  return fromValues(type, out);
}
