// Pattern matching: LIKE and ILIKE.
import { fail } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { likeMatcher } from '../value/like.js';
import { chapter, type Draft, on, values } from './define.js';
import type { FunctionEntry } from './overload.js';

const operator = chapter('pattern', 'operator');
const scalar = chapter('pattern', 'scalar');
const text = types.text;

/** The pattern with a backslash as its escape: `ESCAPE` takes one character, or none for "no escape". */
export function withBackslash(pattern: string, symbol: string): string {
  if ([...symbol].length > 1)
    throw fail('invalid_escape_sequence', 'invalid symbol string', {
      hint: 'Escape string must be empty or one character.',
    });
  if (symbol === '\\') return pattern;
  let out = '';
  let escaped = false;
  for (const c of pattern) {
    if (c === symbol && !escaped) {
      out += '\\';
      escaped = true;
      continue;
    }
    out += c === '\\' && !escaped ? '\\\\' : c;
    escaped = false;
  }
  return out;
}

/** Blank-padded text is matched with its blanks. */
const like = (op: string, insensitive: boolean, negated: boolean): readonly Draft[] =>
  [text, types.char].map((type) =>
    on([type, text], types.bool, {
      op: type === text ? op : op.replace('text', 'bpchar'),
      ...(!negated && type === text && { kernel: insensitive ? 'ilike' : 'like' }),
      duckdb: `($1 ${negated ? 'NOT ' : ''}${insensitive ? 'ILIKE' : 'LIKE'} $2 ESCAPE '\\')`,
      fold: values((s: string, pattern: string) => likeMatcher(pattern, '\\', insensitive).test(s) !== negated),
    }),
  );

export const patternFunctions: readonly FunctionEntry[] = [
  operator('~~', 'What `LIKE` means: `%` stands for any text, `_` for any character.', like('textlike', false, false), {
    example: { sql: "'abc' LIKE 'a%'", result: 'true' },
  }),
  operator('!~~', 'What `NOT LIKE` means.', like('textnlike', false, true)),
  operator('~~*', 'What `ILIKE` means: LIKE without regard to case.', like('texticlike', true, false)),
  operator('!~~*', 'What `NOT ILIKE` means.', like('texticnlike', true, true)),
  scalar('like_escape', 'The pattern of `LIKE … ESCAPE` with a backslash as its escape.', [
    on([text, text], text, { fold: values(withBackslash) }),
  ]),
];
