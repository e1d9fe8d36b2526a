// Pattern matching: LIKE and ILIKE.
import { fail } from '../diagnostic.js';
import { types } from '../sql-type.js';
import { likeMatcher } from '../value/like.js';
import { chapter, type Draft, on, values } from './define.js';
import type { FunctionEntry } from './overload.js';

const operator = chapter('pattern', 'operator');
const scalar = chapter('pattern', 'scalar');
const text = types.text;

/** `ESCAPE` takes one character, or none for "no escape". */
function escapeOf(symbol: string): string {
  if ([...symbol].length > 1)
    throw fail('invalid_escape_sequence', 'invalid escape string', {
      hint: 'Escape string must be empty or one character.',
    });
  return symbol;
}

const like = (op: string, insensitive: boolean, negated: boolean): Draft =>
  on([text, text], types.bool, {
    op,
    ...(!negated && { kernel: insensitive ? 'ilike' : 'like' }),
    duckdb: `($1 ${negated ? 'NOT ' : ''}${insensitive ? 'ILIKE' : 'LIKE'} $2 ESCAPE '\\')`,
    fold: values((s: string, pattern: string) => likeMatcher(pattern, '\\', insensitive).test(s) !== negated),
  });

const escaped = (op: string, insensitive: boolean): Draft =>
  on([text, text, text], types.bool, {
    op,
    fold: values((s: string, pattern: string, symbol: string) =>
      likeMatcher(pattern, escapeOf(symbol), insensitive).test(s),
    ),
  });

export const patternFunctions: readonly FunctionEntry[] = [
  operator(
    '~~',
    'What `LIKE` means: `%` stands for any text, `_` for any character.',
    [like('textlike', false, false)],
    {
      example: { sql: "'abc' LIKE 'a%'", result: 'true' },
    },
  ),
  operator('!~~', 'What `NOT LIKE` means.', [like('textnlike', false, true)]),
  operator('~~*', 'What `ILIKE` means: LIKE without regard to case.', [like('texticlike', true, false)]),
  operator('!~~*', 'What `NOT ILIKE` means.', [like('texticnlike', true, true)]),
  scalar('like_escape', 'What `a LIKE b ESCAPE c` means.', [escaped('like_escape(text, text, text)', false)]),
  scalar('ilike_escape', 'What `a ILIKE b ESCAPE c` means.', [escaped('ilike_escape(text, text, text)', true)]),
];
