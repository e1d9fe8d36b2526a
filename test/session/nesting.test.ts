// From text to the printed plan, 200 levels of every kind fit the stack; what their meaning is, is not asked here.
import { Field, Int32, List, Table, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { parseNative, parseSql, type QueryStatement } from '../../src/parser/index.js';
import { printLogicalPlan, printPhysicalPlan } from '../../src/planner/index.js';
import { Database } from '../../src/session/index.js';
import { nested } from '../parser/nested.js';

let database: Database;
beforeAll(async () => {
  database = await Database.open('memory:');
  for (const name of ['a', 'b', 'c'])
    await database.writeTable(
      name,
      new Table({ [name]: vectorFromArray([[1, 2], [3]], new List(new Field('item', new Int32()))) }),
    );
});
afterAll(() => database.close());

/** Kinds that nothing but a nonsensical statement nests 200 times. */
const refused = new Set([
  ...['distinct arguments', 'named arguments', 'sorted arguments', 'extract', 'position', 'collation for', 'filter'],
  ...['within group', 'windows', 'overlaps', 'type modifiers', 'joins in parentheses', 'joins of joins'],
  ...['pending joins', 'lambdas', 'arrow lambdas', 'lambdas in lambdas'],
]);

test.each(nested.filter(({ language }) => language === 'sql'))('$name', async ({ name, make }) => {
  const [statement] = parseSql(make(200));
  try {
    const planned = await database.session().plan(statement as QueryStatement, undefined);
    expect(printLogicalPlan(planned.optimized).length + printPhysicalPlan(planned.physical).length).toBeGreaterThan(10);
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    expect(error.code).not.toBe('54001');
    expect(refused, error.message).toContain(name);
  }
});

test('native parentheses', async () => {
  const text = `select ${'('.repeat(199)}a[1] > 1${')'.repeat(199)}, project a.a`;
  const planned = await database.session().plan(parseNative(text), { dataset: 'a' });
  expect(printPhysicalPlan(planned.physical)).toContain('> 1');
});
