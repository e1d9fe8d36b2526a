import { describe, expect, test } from 'vitest';
import { errorOf } from '../../test/parser/error-of.js';
import { type Expr, parseExpression, parseNative, parseSql, printExpr, printStatement } from './index.js';

/** Every operator in parentheses, so that the tree shows. */
function grouped(expr: Expr): string {
  switch (expr.kind) {
    case 'binary':
      return `(${grouped(expr.left)} ${expr.op} ${grouped(expr.right)})`;
    case 'logical':
      return `(${expr.args.map(grouped).join(` ${expr.op} `)})`;
    case 'not':
      return `(not ${grouped(expr.arg)})`;
    case 'unary':
      return `(${expr.op}${grouped(expr.arg)})`;
    case 'is':
      return `(${grouped(expr.arg)} is ${expr.negated ? 'not ' : ''}${expr.test})`;
    case 'between':
      return `(${grouped(expr.arg)} between ${grouped(expr.low)} and ${grouped(expr.high)})`;
    default:
      return printExpr(expr);
  }
}

describe('precedence is PostgreSQL’s', () => {
  test.each([
    ['a + b * c ^ d', '(a + (b * (c ^ d)))'],
    ['a ^ b ^ c', '((a ^ b) ^ c)'],
    ['-a ^ b', '((-a) ^ b)'],
    ['not a = b and c', '((not (a = b)) and c)'],
    ['a = not b = c', '(a = (not (b = c)))'],
    ['a || b + c', '(a || (b + c))'],
    ['@ a + b', '(@(a + b))'],
    ['a = b is null', '((a = b) is null)'],
    ['x between 1 and 2 + 3 and z', '((x between 1 and (2 + 3)) and z)'],
    ['a or b and c or d', '(a or (b and c) or d)'],
    ['a - b - c', '((a - b) - c)'],
  ])('%s', (text, expected) => {
    expect(grouped(parseExpression(text))).toBe(expected);
  });

  test.each(['a < b < c', 'a = b = c', 'a is distinct from b is null', 'a like b like c'])(
    '%s does not associate',
    (text) => {
      expect(errorOf(() => parseExpression(text)).code).toBe('42601');
    },
  );
});

describe('native', () => {
  test('the documented query', () => {
    const { query } = parseNative('select event_id>5, project Events;75.Muon_phi');
    expect(query.body).toMatchObject({
      kind: 'select',
      from: [{ kind: 'table', name: [{ text: 'Events;75', quoted: true }] }],
      items: [{ kind: 'expr', expr: { kind: 'column', parts: [{ text: 'Muon_phi' }] } }],
      where: { kind: 'binary', op: '>' },
    });
  });

  test.each([
    'select *, project Events;1.nMuon, Events;1.Muon_pt',
    'select list_any(Muon_pt, x -> x > 20), nMuon > 2 or not ok, project Events.Muon_*, Events.a.b as c',
    'SELECT *, PROJECT dir/Tree;3.x',
    'select *, project "dir/My Tree;3"."a.b,c"',
    'select Events;75.nMuon > 2, project Events;75.Muon_pt',
    'select event_id > 5',
    'select *, project Events.*',
  ])('%s prints stably', (text) => {
    const printed = printStatement(parseNative(text));
    expect(printStatement(parseNative(printed))).toBe(printed);
  });

  test.each([
    ['select event_id>5 project Events.x', 'A comma is missing before "project".'],
    ['event_id > 5, project Events.x', 'A native query begins with "select"'],
    ['select a == 1, project Events.x', 'Equality is written "=".'],
    ['select a > 1 && b > 2, project Events.x', 'Conditions are joined by "and", not "&&".'],
    ['select a > 1 || b > 2, project Events.x', 'Conditions are joined by "or", not "||".'],
    ['select *, project Muon_pt', 'A path is a tree and a branch'],
    ['select project Events.x', 'Say which events first'],
  ])('%s', (text, hint) => {
    const error = errorOf(() => parseNative(text));
    expect(error.code).toBe('42601');
    expect(error.hint).toContain(hint);
  });

  test('two trees are refused with the second’s place', () => {
    expect(errorOf(() => parseNative('select *, project A.x, B.y'))).toMatchObject({ code: '0A000', start: 23 });
  });
});

describe('errors', () => {
  test.each([
    ['select a, from t', 'syntax error at or near "from"', 10],
    ['select', undefined, 0],
    ['select 1 +', 'syntax error at end of input', 10],
    ["select 'abc", 'unterminated quoted string at or near "\'abc"', 7],
    ['select /* abc', 'unterminated /* comment at or near "/* abc"', 7],
    ['fetch .5 from c', 'syntax error at or near ".5"', 6],
    ['select 1a', 'trailing junk after numeric literal at or near "1a"', 7],
    ['select where and', 'syntax error at end of input', 16],
  ])('%s', (text, message, start) => {
    if (message === undefined) expect(parseSql(text)).toHaveLength(1);
    else expect(errorOf(() => parseSql(text))).toMatchObject({ code: '42601', message, start });
  });
});

describe('hints in SQL', () => {
  test.each([
    ['select x from Events;75 where a > 1', 21, 'A tree with its cycle is written in double quotes: "Events;75".'],
    ['select a > 5, project Events;75.Muon_phi', 29, 'This is the native language'],
    ['select *, project Events.Muon_phi', 24, 'This is the native language'],
    ['select (a + (b', 14, 'The "(" at offset 13 is not closed.'],
    ['select f(a,)', 11, 'There is a comma too many before it.'],
    ['select a form t where', 14, 'Perhaps "from" was meant for "form"?'],
  ])('%s', (text, start, hint) => {
    const error = errorOf(() => parseSql(text));
    expect(error).toMatchObject({ code: '42601', start });
    expect(error.hint).toContain(hint);
  });

  test.each(['create function f()', 'vacuum', 'drop sequence s', 'create table t (a int) partition by range (a)'])(
    '%s is refused by name',
    (text) => expect(errorOf(() => parseSql(text)).code).toBe('0A000'),
  );
});
