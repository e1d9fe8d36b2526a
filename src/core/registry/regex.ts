// Pattern matching by regular expressions: POSIX operators, `SIMILAR TO`, and the functions on matches. The evaluator runs them.
import { fail } from '../diagnostic.js';
import { listOf, type SqlType, types } from '../sql-type.js';
import { Regex, type RegexMatch } from '../value/regex/regex.js';
import { codePoints } from '../value/regex/regex-node.js';
import { regexOptions } from '../value/regex/regex-options.js';
import { similarToRegex } from '../value/regex/similar-to-regex.js';
import { chapter, type Draft, on, rowsOf, values } from './define.js';
import type { FunctionEntry, Value } from './overload.js';

const operator = chapter('pattern', 'operator');
const scalar = chapter('pattern', 'scalar');
const table = chapter('pattern', 'table');
const { text, bool, int4 } = types;

const compiled = new Map<string, Regex>();
const mostCompiled = 200;

function regexOf(pattern: string, flags = ''): Regex {
  const key = `${flags}/${pattern}`;
  let regex = compiled.get(key);
  if (!regex) {
    regex = new Regex(pattern, regexOptions(flags));
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(key, regex);
  }
  return regex;
}

/** What is searched, and where in it matches are: positions count code points. */
interface Searched {
  readonly points: Uint32Array;
  readonly regex: Regex;
}

function search(s: string, pattern: string, flags: string): Searched {
  return { points: codePoints(s), regex: regexOf(pattern, flags) };
}

const part = ({ points }: Searched, begin: number, end: number): string => {
  let found = '';
  for (let i = begin; i < end; i++) found += String.fromCodePoint(points[i]!);
  return found;
};

/** The groups of a match, or all of it where there are none. */
function groupsOf(searched: Searched, match: RegexMatch): Value[] {
  const groups: Value[] = [];
  const { groups: count } = searched.regex;
  for (let g = count > 0 ? 1 : 0; g <= count; g++)
    groups.push(match[2 * g]! < 0 ? null : part(searched, match[2 * g]!, match[2 * g + 1]!));
  return groups;
}

/** Every match, each where the one before ended, or a character further where that was empty. */
function* matchesOf({ regex, points }: Searched, from = 0): Generator<RegexMatch> {
  for (let at = from; at <= points.length; ) {
    const match = regex.exec(points, at);
    if (!match) return;
    yield match;
    at = match[1]! + (match[0] === match[1] ? 1 : 0);
  }
}

/** @throws DiagnosticError invalid_parameter_value where the flags hold `g`, which `name` does not take */
function once(name: string, flags: string): string {
  if (flags.includes('g'))
    throw fail('invalid_parameter_value', `${name} does not support the "global" option`, {
      ...(name === 'regexp_match()' && { hint: 'Use the regexp_matches function instead.' }),
    });
  return flags;
}

function atLeast(least: number, value: number, name: string): number {
  if (value < least) throw fail('invalid_parameter_value', `invalid value for parameter "${name}": ${value}`);
  return value;
}

const group = (by: string, searched: Searched, match: RegexMatch): string =>
  by.replace(/\\([\s\S]|$)/g, (whole, c: string) => {
    if (c === '\\') return '\\';
    if (c !== '&' && !/[0-9]/.test(c)) return whole;
    const g = c === '&' ? 0 : Number(c);
    return g > searched.regex.groups || match[2 * g]! < 0 ? '' : part(searched, match[2 * g]!, match[2 * g + 1]!);
  });

/** @param which the match that is replaced, from 1; 0 all */
function replaceMatches(s: string, pattern: string, by: string, start: number, which: number, flags: string): string {
  const searched = search(s, pattern, flags.replaceAll('g', ''));
  let found = '';
  let copied = 0;
  let count = 0;
  for (const match of matchesOf(searched, start - 1)) {
    count++;
    if (which > 0 && count !== which) continue;
    found += part(searched, copied, match[0]!) + group(by, searched, match);
    copied = match[1]!;
    if (which > 0) break;
  }
  return copied === 0 && found === '' ? s : found + part(searched, copied, searched.points.length);
}

function replaceByFlags(s: string, pattern: string, by: string, flags: string): string {
  if (/^[0-9]/.test(flags))
    throw fail('invalid_parameter_value', `invalid regular expression option: "${flags[0]}"`, {
      hint: 'If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.',
    });
  return replaceMatches(s, pattern, by, 1, flags.includes('g') ? 0 : 1, flags);
}

const replaceFrom = (s: string, pattern: string, by: string, start: number, which = 1, flags = ''): string =>
  replaceMatches(s, pattern, by, atLeast(1, start, 'start'), atLeast(0, which, 'n'), flags);

function* splitBy(s: string, pattern: string, flags: string): Generator<string> {
  const searched = search(s, pattern, flags);
  let from = 0;
  let previous = 0;
  for (const match of matchesOf(searched)) {
    // Empty matches at the ends, or right after another, part nothing.
    if (match[0]! < searched.points.length && match[1]! > previous) {
      yield part(searched, from, match[0]!);
      from = match[1]!;
    }
    previous = match[1]!;
  }
  yield part(searched, from, searched.points.length);
}

/** The `which`-th match at or after a position. */
function nthMatch(searched: Searched, start: number, which: number): RegexMatch | undefined {
  let count = 0;
  for (const match of matchesOf(searched, start - 1)) if (++count === which) return match;
  return undefined;
}

function instr(s: string, pattern: string, start = 1, which = 1, end = 0, flags = '', subexpr = 0): number {
  atLeast(1, start, 'start');
  atLeast(1, which, 'n');
  if (end !== 0 && end !== 1) throw fail('invalid_parameter_value', `invalid value for parameter "endoption": ${end}`);
  atLeast(0, subexpr, 'subexpr');
  const searched = search(s, pattern, once('regexp_instr()', flags));
  if (subexpr > searched.regex.groups) return 0;
  const match = nthMatch(searched, start, which);
  return match ? match[2 * subexpr + end]! + 1 : 0;
}

function substr(s: string, pattern: string, start = 1, which = 1, flags = '', subexpr = 0): string | null {
  atLeast(1, start, 'start');
  atLeast(1, which, 'n');
  atLeast(0, subexpr, 'subexpr');
  const searched = search(s, pattern, once('regexp_substr()', flags));
  if (subexpr > searched.regex.groups) return null;
  const match = nthMatch(searched, start, which);
  return match && match[2 * subexpr]! >= 0 ? part(searched, match[2 * subexpr]!, match[2 * subexpr + 1]!) : null;
}

function countMatches(s: string, pattern: string, start = 1, flags = ''): number {
  atLeast(1, start, 'start');
  let count = 0;
  for (const _ of matchesOf(search(s, pattern, once('regexp_count()', flags)), start - 1)) count++;
  return count;
}

function firstMatch(s: string, pattern: string, flags = ''): Value {
  const searched = search(s, pattern, once('regexp_match()', flags));
  const match = searched.regex.exec(searched.points);
  return match ? groupsOf(searched, match) : null;
}

function allMatches(s: string, pattern: string, flags = ''): Value {
  const searched = search(s, pattern, flags.replaceAll('g', ''));
  const rows: Value[] = [];
  for (const match of matchesOf(searched)) {
    rows.push(groupsOf(searched, match));
    if (!flags.includes('g')) break;
  }
  return rows;
}

/** The first group, or the whole match where there is none. */
function matchedPart(s: string, pattern: string): Value {
  const searched = search(s, pattern, '');
  const match = searched.regex.exec(searched.points);
  return match ? groupsOf(searched, match)[0]! : null;
}

/** Blank-padded text is matched with its blanks. */
const test = (op: string, flags: string, negated: boolean): readonly Draft[] =>
  [text, types.char].map((type) =>
    on([type, text], bool, {
      op: type === text ? op : op.replace('text', 'bpchar'),
      fold: values((s: string, pattern: string) => regexOf(pattern, flags).test(s) !== negated),
    }),
  );

/** A function whose last arguments may be left out, from the `least` first ones on. */
const optional = (
  args: readonly SqlType[],
  least: number,
  returns: SqlType,
  fold: (...args: never[]) => Value,
): Draft[] =>
  Array.from({ length: args.length - least + 1 }, (_, i) =>
    on(args.slice(0, least + i), returns, { fold: values(fold as (...args: readonly unknown[]) => Value) }),
  );

export const regexFunctions: readonly FunctionEntry[] = [
  operator('~', 'Whether the text matches the regular expression.', test('textregexeq', '', false)),
  operator('!~', 'Whether it does not match.', test('textregexne', '', true)),
  operator('~*', 'Whether it matches without regard to case.', test('texticregexeq', 'i', false)),
  operator('!~*', 'Whether it does not match without regard to case.', test('texticregexne', 'i', true)),
  scalar(
    'similar_to_escape',
    'The regular expression for a pattern of `SIMILAR TO`: `%` and `_` beside `|`, `*`, `+`, `?`, `{}`, `()`, `[]`.',
    [
      on([text], text, { fold: values((pattern: string) => similarToRegex(pattern)) }),
      on([text, text], text, { fold: values(similarToRegex) }),
    ],
  ),
  scalar(
    'regexp_replace',
    'The first match, the n-th, or with flag g all, replaced; `\\1` is a group, `\\&` the match.',
    [
      on([text, text, text], text, {
        fold: values((s: string, p: string, by: string) => replaceByFlags(s, p, by, '')),
      }),
      on([text, text, text, text], text, { fold: values(replaceByFlags) }),
      ...optional([text, text, text, int4, int4, text], 4, text, replaceFrom),
    ],
  ),
  scalar(
    'regexp_match',
    'The groups of the first match, or all of it where there are none; NULL without one.',
    optional([text, text, text], 2, listOf(text), firstMatch),
  ),
  table(
    'regexp_matches',
    'The groups of the first match, or with flag g of each, in a row.',
    optional([text, text, text], 2, listOf(text), allMatches),
  ),
  scalar(
    'regexp_like',
    'Whether the text matches.',
    optional([text, text, text], 2, bool, (s: string, pattern: string, flags = '') =>
      regexOf(pattern, once('regexp_like()', flags)).test(s),
    ),
  ),
  scalar(
    'regexp_count',
    'Number of matches, from a position on.',
    optional([text, text, int4, text], 2, int4, countMatches),
  ),
  scalar(
    'regexp_instr',
    'Position of the n-th match or of its group, or of what follows it; 0 without one.',
    optional([text, text, int4, int4, int4, text, int4], 2, int4, instr),
  ),
  scalar(
    'regexp_substr',
    'The n-th match or its group; NULL without one.',
    optional([text, text, int4, int4, text, int4], 2, text, substr),
  ),
  scalar(
    'regexp_split_to_array',
    'The parts between matches.',
    optional([text, text, text], 2, listOf(text), (s: string, pattern: string, flags = '') => [
      ...splitBy(s, pattern, once('regexp_split_to_array()', flags)),
    ]),
  ),
  table(
    'regexp_split_to_table',
    'The parts between matches, a row each.',
    [2, 3].map((n) =>
      on(
        Array.from({ length: n }, () => text),
        text,
        rowsOf('regexp_split_to_table', (s: string, pattern: string, flags?: string) =>
          splitBy(s, pattern, once('regexp_split_to_table()', flags ?? '')),
        ),
      ),
    ),
  ),
  scalar('substring', 'The part that a regular expression matches, or its first group.', [
    on([text, text], text, { op: 'textregexsubstr', fold: values(matchedPart) }),
    on([text, text, text], text, {
      op: 'substring(text, text, text)',
      fold: values((s: string, pattern: string, symbol: string) => matchedPart(s, similarToRegex(pattern, symbol))),
    }),
  ]),
];
