// Depth, chains and length: what must work, and what is refused with its place.
import { describe, expect, test } from 'vitest';
import { parseExpression, parseNative, parseSql, printExpr, printStatement } from '../../src/parser/index.js';
import { errorOf } from './error-of.js';
import { type Nested, nested } from './nested.js';

describe('limits', () => {
  const parse = ({ language }: Nested, text: string) => (language === 'native' ? [parseNative(text)] : parseSql(text));

  test.each(nested)('$name: 200 levels parse and print back, 5,000 are 54001', (kind) => {
    const text = parse(kind, kind.make(200)).map(printStatement).join('; ');
    expect(parse(kind, text).map(printStatement).join('; ')).toBe(text);
    const error = errorOf(() => parse(kind, kind.make(5000)));
    expect(error.code).toBe('54001');
    expect(error.start).toBeGreaterThan(0);
    expect(error.hint).toBeDefined();
  });

  test.each([
    ['not', 'not ', 'true', ''],
    ['unary minus', '- ', '1', ''],
    ['casts', '', '1', '::int'],
  ])('%s: 200 in a row work, 5,000 are 54001', (_name, before, inner, after) => {
    const make = (n: number) => `select ${before.repeat(n)}${inner}${after.repeat(n)}`;
    expect(parseSql(make(200))).toHaveLength(1);
    expect(errorOf(() => parseSql(make(5000)))).toMatchObject({ code: '54001', start: expect.any(Number) });
  });

  test.each([
    ['before a deep part', `select a b c, ${'('.repeat(100)}1 2${')'.repeat(100)}`, 11],
    ['in a deep part', `select ${'('.repeat(100)}1 2${')'.repeat(100)}, a b c`, 109],
    ['behind a deep part', `select ${'('.repeat(100)}1${')'.repeat(100)}, a b c`, 214],
    [
      'deeper than another',
      `select ${'('.repeat(50)}1 + ${'('.repeat(50)}2 3${')'.repeat(50)} 4${')'.repeat(50)}`,
      113,
    ],
    ['where nothing closes', `select ${'('.repeat(100)}1`, 108],
    ['where another bracket closes', `select ${'('.repeat(100)}1]${')'.repeat(100)}`, 108],
    ['where CASE does not end', `select ${'(case when '.repeat(50)}1${')'.repeat(50)}`, 558],
  ])('of two faults the first is told: %s', (_name, text, start) => {
    expect(errorOf(() => parseSql(text))).toMatchObject({ code: '42601', start });
  });

  test.each([
    ['or', Array.from({ length: 10_000 }, (_, i) => `a = ${i}`).join(' or ')],
    ['plus', Array.from({ length: 10_000 }, () => '1').join(' + ')],
    ['in', `a in (${Array.from({ length: 10_000 }, (_, i) => i).join(', ')})`],
  ])('10,000 terms of %s parse and print', (_name, text) => {
    expect(printExpr(parseExpression(text)).length).toBeGreaterThan(10_000);
  });

  test.each([100_000, 1_000_000])('a statement of %i characters parses', (size) => {
    const list = Array.from({ length: size / 8 }, (_, i) => 1_000_000 + i).join(',');
    const [statement] = parseSql(`select a from t where a in (${list})`);
    expect(statement).toMatchObject({ query: { body: { where: { kind: 'in_list', list: { length: size / 8 } } } } });
    const deep = Array.from({ length: size / 400 }, () => `${'('.repeat(190)}1${')'.repeat(190)}`).join(',');
    expect(parseSql(`select f(${deep})`)).toHaveLength(1);
  });

  test('10,000 unions parse and print', () => {
    const text = Array.from({ length: 10_000 }, () => 'select 1').join(' union all ');
    expect(printStatement(parseSql(text)[0]!).length).toBeGreaterThan(100_000);
  });
});
