// Statements of PostgreSQL that this grammar leaves out: known by their first words, so that the error can say so.
import { type CstError, tokens as t } from '../../grammar/index.js';

const words = (text: string) => new Set(text.split(' '));

const verbs = words(
  'call checkpoint cluster do grant import load lock merge reassign refresh reindex revoke security vacuum',
);
const objects = words(
  'access aggregate cast collation constraint conversion database default domain event extension foreign function group language large materialized operator owned policy procedure publication role routine rule sequence server statistics subscription tablespace text transform trigger type unique user',
);
/** Second words of statements whose first is known. */
const seconds: Readonly<Record<string, ReadonlySet<string>>> = {
  create: objects,
  alter: new Set([...objects, ...words('schema view default system large')]),
  drop: objects,
  comment: objects,
  set: words('constraints'),
  prepare: words('transaction'),
  commit: words('prepared'),
  rollback: words('prepared'),
};
const skipped = words('or replace on');
const clauses: Readonly<Record<string, ReadonlySet<string>>> = {
  table: words('partition inherits tablespace using of exclude compression storage'),
};

/** `CREATE FUNCTION`, `VACUUM`: what the statement that fails at token `at` is, if it is one of those left out. */
export function refusedStatement(tokens: CstError['tokens'], at: number): string | undefined {
  let start = at;
  while (start > 0 && tokens[start - 1]!.tokenType !== t.Semicolon) start--;
  const word = (i: number) => tokens[i]?.image.toLowerCase() ?? '';
  const first = word(start);
  if (verbs.has(first)) return first.toUpperCase();
  let next = start + 1;
  while (skipped.has(word(next))) next++;
  const second = word(next);
  if (seconds[first]?.has(second) && at >= next) return `${first} ${second}`.toUpperCase();
  if (first !== 'create') return undefined;
  while (persistence.has(word(next))) next++;
  return clauses[word(next)]?.has(word(at))
    ? `${word(at)} in CREATE TABLE`.toUpperCase().replace(' IN ', ' in ')
    : undefined;
}

const persistence = words('global local temp temporary unlogged');
