// A short run of scripts/fuzz-parser.ts: damaged statements give a tree or a Diagnostic, soon; trees print back to themselves.
import { expect, test } from 'vitest';
import { DiagnosticError } from '../../src/core/index.js';
import { parseNative, parseSql, printStatement, type Statement } from '../../src/parser/index.js';
import { quickest } from '../support/until.js';
import { mutate, pick, random } from './mutate.js';
import { nativeQueries } from './native-queries.js';
import { shape } from './shape.js';
import { corpus } from './statements.js';

test.each([
  ['sql', corpus, (text: string): Statement[] => parseSql(text)],
  ['native', nativeQueries, (text: string): Statement[] => [parseNative(text)]],
] as const)('damaged statements: %s', async (_language, texts, parse) => {
  const next = random(4);
  let accepted = 0;
  for (let i = 0; i < 2_000; i++) {
    const text = mutate(next, pick(next, texts), texts);
    let statements: Statement[] | undefined;
    const attempt = async () => {
      try {
        statements = parse(text);
      } catch (error) {
        if (!(error instanceof DiagnosticError))
          throw new Error(`no Diagnostic for ${JSON.stringify(text)}`, { cause: error });
      }
      return undefined;
    };
    expect(await quickest(1_000, attempt), text).toBeLessThan(1_000);
    if (!statements) continue;
    accepted++;
    const printed = statements.map(printStatement).join('; ');
    expect(shape(parse(printed)), `${text} -> ${printed}`).toEqual(shape(statements));
  }
  expect(accepted).toBeGreaterThan(100);
});
