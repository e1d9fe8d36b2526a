// POSIX regular expressions: PostgreSQL's advanced flavour as JavaScript's, where the two say the same.
import { fail } from '../diagnostic.js';
import { listOf, types } from '../sql-type.js';
import { boundedMatch } from './bounded-match.js';
import { chapter, type Draft, on, values as plainValues } from './define.js';
import type { FunctionEntry, RenderContext, Value } from './overload.js';

const operator = chapter('pattern', 'operator');
const scalar = chapter('pattern', 'scalar');
const { text, bool, int4 } = types;

/** The fold of a function of a text and a pattern, within bounds of time. */
function values<A extends readonly [string, string, ...string[]]>(fold: (...args: A) => Value) {
  const plain = plainValues(fold);
  return (args: readonly Value[], context: RenderContext): Value =>
    boundedMatch(args[0] as string, args[1] as string, () => plain(args, context));
}

const compiled = new Map<string, RegExp>();
const mostCompiled = 200;

const embedded = {
  m: '(?<!\\w)(?=\\w)',
  M: '(?<=\\w)(?!\\w)',
  y: '\\b',
  Y: '\\B',
  A: '^(?<![\\s\\S])',
  Z: '(?![\\s\\S])',
} as const;

/** Character classes in brackets, escapes of words and of the text's ends; the rest is common to both. */
function translate(pattern: string): string {
  return pattern
    .replace(/\[\[:(<|>):\]\]/g, (_, side: string) => (side === '<' ? embedded.m : embedded.M))
    .replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
    .replace(/\\([mMyYAZ])/g, (_, letter: keyof typeof embedded) => embedded[letter])
    .replace(/\\([^\w\s^$\\.*+?()[\]{}|/-])/g, '$1');
}

const classes: Readonly<Record<string, string>> = {
  alpha: '\\p{L}',
  digit: '\\d',
  alnum: '\\p{L}\\p{N}',
  space: '\\s',
  upper: '\\p{Lu}',
  lower: '\\p{Ll}',
  punct: '!-\\/:-@\\[-`{-~',
  blank: ' \\t',
  xdigit: '0-9A-Fa-f',
};

/** `flags` in PostgreSQL's letters: i, c, g, n, s, x. */
function regexOf(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  let regex = compiled.get(key);
  if (!regex) {
    const bad = /[^icgnsmpwqx]/.exec(flags);
    if (bad) throw fail('invalid_parameter_value', `invalid regular expression option: "${bad[0]}"`);
    let js = 'gu';
    if (flags.includes('i')) js += 'i';
    js += /[nm]/.test(flags) ? 'm' : 's';
    try {
      regex = new RegExp(translate(pattern), js);
    } catch (error) {
      throw fail('invalid_regular_expression', `invalid regular expression: ${(error as Error).message}`, {
        cause: error,
      });
    }
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(key, regex);
  }
  regex.lastIndex = 0;
  return regex;
}

const matches = (s: string, pattern: string, flags = ''): boolean => regexOf(pattern, flags).test(s);

/** The groups of a match, or all of it where there are none. */
const groupsOf = (match: RegExpExecArray | RegExpMatchArray): Value[] =>
  match.length > 1 ? match.slice(1).map((g) => g ?? null) : [match[0]];

function replaceIn(s: string, pattern: string, by: string, flags = ''): string {
  const regex = regexOf(pattern, flags);
  const fill = (match: readonly string[]) =>
    by.replace(/\\([0-9&\\])/g, (_, c: string) =>
      c === '&' ? match[0]! : c === '\\' ? '\\' : (match[Number(c)] ?? ''),
    );
  if (flags.includes('g'))
    return s.replace(regex, (...args: unknown[]) =>
      fill(
        args.slice(
          0,
          args.findIndex((a) => typeof a === 'number'),
        ) as string[],
      ),
    );
  const match = regex.exec(s);
  return match ? s.slice(0, match.index) + fill(match) + s.slice(match.index + match[0].length) : s;
}

/** SIMILAR TO: SQL's wildcards and POSIX's operators, over the whole text. */
function similarPattern(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '\\') out += `\\${pattern[++i] ?? ''}`;
    else if (c === '%') out += '.*';
    else if (c === '_') out += '.';
    else if (c === '.' || c === '^' || c === '$') out += `\\${c}`;
    else out += c;
  }
  return `^(?:${out})$`;
}

const test = (op: string, flags: string, negated: boolean): Draft =>
  on([text, text], bool, { op, fold: values((s: string, pattern: string) => matches(s, pattern, flags) !== negated) });

const withFlags = (count: number) => [...Array.from({ length: count }, () => text)];

export const regexFunctions: readonly FunctionEntry[] = [
  operator('~', 'Whether the text matches the regular expression.', [test('textregexeq', '', false)]),
  operator('!~', 'Whether it does not match.', [test('textregexne', '', true)]),
  operator('~*', 'Whether it matches without regard to case.', [test('texticregexeq', 'i', false)]),
  operator('!~*', 'Whether it does not match without regard to case.', [test('texticregexne', 'i', true)]),
  operator('similar to', 'What `SIMILAR TO` means: `%` and `_` beside `|`, `*`, `+`, `?`, `{}`, `()`, `[]`.', [
    on([text, text], bool, {
      op: 'similar_to',
      fold: values((s: string, pattern: string) => matches(s, similarPattern(pattern))),
    }),
  ]),
  scalar('regexp_replace', 'The first match, or with flag g all, replaced; `\\1` is a group, `\\&` the match.', [
    on(withFlags(3), text, { fold: values(replaceIn) }),
    on(withFlags(4), text, { fold: values(replaceIn) }),
  ]),
  scalar(
    'regexp_match',
    'The groups of the first match, or all of it where there are none; NULL without one.',
    [2, 3].map((n) =>
      on(withFlags(n), listOf(text), {
        fold: values((s: string, pattern: string, flags?: string) => {
          const match = regexOf(pattern, flags).exec(s);
          return match && groupsOf(match);
        }),
      }),
    ),
  ),
  scalar(
    'regexp_like',
    'Whether the text matches.',
    [2, 3].map((n) => on(withFlags(n), bool, { fold: values(matches) })),
  ),
  scalar('regexp_count', 'Number of matches.', [
    on([text, text], int4, { fold: values((s: string, p: string) => [...s.matchAll(regexOf(p))].length) }),
  ]),
  scalar('regexp_instr', 'Position of the first match, 0 without one.', [
    on([text, text], int4, {
      fold: values((s: string, p: string) => {
        const match = regexOf(p).exec(s);
        return match ? [...s.slice(0, match.index)].length + 1 : 0;
      }),
    }),
  ]),
  scalar('regexp_substr', 'The first match; NULL without one.', [
    on([text, text], text, { fold: values((s: string, p: string) => regexOf(p).exec(s)?.[0] ?? null) }),
  ]),
  scalar('regexp_split_to_array', 'The parts between matches.', [
    on([text, text], listOf(text), { fold: values((s: string, p: string) => s.split(new RegExp(regexOf(p), 'u'))) }),
  ]),
  scalar('substring', 'The part that a regular expression matches, or its first group.', [
    on([text, text], text, {
      op: 'textregexsubstr',
      fold: values((s: string, p: string) => {
        const match = regexOf(p).exec(s);
        return match ? (match.length > 1 ? (match[1] ?? null) : match[0]) : null;
      }),
    }),
  ]),
];
