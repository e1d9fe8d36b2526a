// PostgreSQL's own parser as the judge: which statements are sentences, and where the others break.
import { loadModule, parseSync } from 'libpg-query';
import { beforeAll, expect, test } from 'vitest';
import { keywords } from '../../grammar/index.js';
import { DiagnosticError } from '../../src/core/index.js';
import { parseSql, printStatement } from '../../src/parser/index.js';
import { mutate, pick, random } from './mutate.js';
import { shape } from './shape.js';
import { corpus } from './statements.js';

beforeAll(() => loadModule());

const accepted = (parse: (text: string) => unknown, text: string): boolean => {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
};

function ours(text: string): boolean {
  try {
    parseSql(text);
    return true;
  } catch (error) {
    // Known syntax that is refused for its meaning is no syntax error.
    if (error instanceof DiagnosticError) return error.code === '0A000';
    throw error;
  }
}

// Words that are keywords only since PostgreSQL 16, or that the judge (version 18) reads as new syntax before a parenthesis.
const newer = new Set(['system_user']);

test.each([
  ['column', (word: string) => `select ${word} from t`],
  ['alias after AS', (word: string) => `select a as ${word} from t`],
  ['bare alias', (word: string) => `select a ${word} from t`],
  ['bare alias after OR', (word: string) => `select a or b ${word} from t`],
  ['bare alias after NOT', (word: string) => `select not a ${word} from t`],
  ['bare alias after a comparison', (word: string) => `select a = b ${word} from t`],
  ['bare alias after LIKE', (word: string) => `select a like b ${word} from t`],
  ['bare alias after BETWEEN', (word: string) => `select a between b and c ${word} from t`],
  ['bare alias after a sum', (word: string) => `select a + b ${word} from t`],
  ['bare alias after a literal', (word: string) => `select 'a' ${word} from t`],
  ['function', (word: string) => `select ${word}(a, b) from t`],
  ['type', (word: string) => `select cast(a as ${word})`],
  ['table', (word: string) => `select 1 from ${word} where a`],
])('every keyword as %s', (_role, make) => {
  const differ = [...keywords.keys()].filter(
    (word) => !newer.has(word) && !word.startsWith('xml') && ours(make(word)) !== accepted(parseSync, make(word)),
  );
  expect(differ).toEqual([]);
});

interface Verdict {
  readonly accepted: boolean;
  readonly at?: number | undefined;
  readonly message?: string;
}

function judge(text: string): Verdict {
  try {
    parseSync(text);
    return { accepted: true };
  } catch (error) {
    const { message, sqlDetails } = error as { message: string; sqlDetails?: { cursorPosition?: number } };
    return { accepted: false, message, at: sqlDetails?.cursorPosition };
  }
}

/** `undefined` where the statement is left out on purpose (0A000). */
function verdict(text: string): Verdict | undefined {
  try {
    parseSql(text);
    return { accepted: true };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    if (error.code === '0A000') return undefined;
    return { accepted: false, message: error.message, at: error.diagnostic.span?.start };
  }
}

// One token of lookahead decides here where PostgreSQL reads on, so the place differs.
const readsOn = new Set([
  'select a[], a[1:2:3]',
  'explain create table t (a int)',
  'create table t (a)',
  'create table t (a int) as select 1',
  'set a',
]);

test.each(corpus)('%s', (text) => {
  const expected = judge(text);
  const actual = verdict(text);
  if (!actual) return;
  expect(actual.accepted).toBe(expected.accepted);
  if (!readsOn.has(text)) {
    expect(actual.message).toBe(expected.message);
    expect(actual.at).toBe(expected.at);
  }
  if (!actual.accepted) return;
  const parsed = parseSql(text);
  const printed = parsed.map(printStatement).join('; ');
  expect(shape(parseSql(printed))).toEqual(shape(parsed));
  if (printed !== '') expect(judge(printed)).toEqual({ accepted: true });
});

test('statements that are left out are refused by name', () => {
  for (const text of corpus) {
    const isLeftOut = verdict(text) === undefined;
    if (isLeftOut) expect(judge(text).accepted, text).toBe(true);
  }
});

/** Ours alone: lists in brackets, subscripts of calls. */
const isExtension = (message: string | undefined): boolean => /at or near "(?:\[|\{|->)"/.test(message ?? '');

test('damaged statements are refused where PostgreSQL refuses them', () => {
  const next = random(20);
  const texts = corpus.filter((text) => !text.includes('$'));
  let differ = 0;
  let elsewhere = 0;
  const total = 4_000;
  for (let i = 0; i < total; i++) {
    const text = mutate(next, pick(next, texts), texts);
    if (/\$\d/.test(text) || text.trim() === '') continue;
    const expected = judge(text);
    const actual = verdict(text);
    if (!actual) continue;
    if (actual.accepted !== expected.accepted) {
      if (!isExtension(expected.message)) differ++;
    } else if (!actual.accepted && actual.at !== expected.at) elsewhere++;
  }
  expect(differ).toBeLessThan(total / 500);
  expect(elsewhere).toBeLessThan(total / 20);
});
