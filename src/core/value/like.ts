// LIKE patterns as matchers.
import { fail } from '../diagnostic.js';

const matchers = new Map<string, RegExp>();

/** The matcher of a LIKE pattern: `%` any text, `_` any character; the escape, a character or '' for none, makes the next one literal. */
export function likeMatcher(pattern: string, escaping = '\\', insensitive = false): RegExp {
  const key = `${insensitive ? 'i' : 's'}${escaping}\u0000${pattern}`;
  const known = matchers.get(key);
  if (known) return known;
  const segments = [''];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    let c = chars[i]!;
    if (c === escaping) {
      i++;
      if (i >= chars.length) throw fail('invalid_escape_sequence', 'LIKE pattern must not end with escape character');
      c = chars[i]!;
    } else if (c === '%') {
      segments.push('');
      continue;
    } else if (c === '_') {
      segments[segments.length - 1] += '.';
      continue;
    }
    segments[segments.length - 1] += c.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  const [first, ...rest] = segments;
  const last = rest.pop();
  // The first place where a part between two `%` fits will do, so nothing is tried again: a lookahead keeps what it found.
  const parts = rest.filter((part) => part !== '');
  const alone = parts.length === 1 && last === '';
  const middle = parts.map((part, i) => (alone ? `.*?${part}` : `(?=(.*?${part}))\\${i + 1}`));
  const source = first! + middle.join('') + (last === undefined ? '' : last === '' ? '.*' : `.*${last}`);
  const matcher = new RegExp(`^${source}$`, insensitive ? 'isu' : 'su');
  if (matchers.size > 1000) matchers.clear();
  matchers.set(key, matcher);
  return matcher;
}
